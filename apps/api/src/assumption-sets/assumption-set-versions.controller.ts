import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent } from '../http/idempotency';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { CreateAssumptionSetVersionDto, MovementsQuery } from './assumption-set-requests.dto';
import { AssumptionSetVersionsService } from './assumption-set-versions.service';
import {
  AssumptionMovementsDto,
  AssumptionSetVersionDto,
  AssumptionSetVersionSummaryDto,
  toMovementDto,
  toVersionDto,
  toVersionSummaryDto,
} from './assumption-sets.dto';
import { VersionPipe } from './version.pipe';

@ApiTags('assumption-sets')
@Controller('assumption-sets/:id/versions')
export class AssumptionSetVersionsController {
  constructor(private readonly versions: AssumptionSetVersionsService) {}

  @Post()
  @RequirePermission(Permission.ManageAssumptions)
  @Idempotent()
  @ApiOperation({ summary: 'Add a version: what changes against the newest one, each with its reason' })
  @ApiCreatedResponse({ type: AssumptionSetVersionDto })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: CreateAssumptionSetVersionDto,
  ): Promise<AssumptionSetVersionDto> {
    return toVersionDto(await this.versions.create(principal, id, body));
  }

  @Get()
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'The versions of a set, newest first, each with what it changed' })
  @ApiPage(AssumptionSetVersionSummaryDto)
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<AssumptionSetVersionSummaryDto>> {
    const { items, nextCursor } = await this.versions.list(principal, id, query);
    return { items: items.map(toVersionSummaryDto), nextCursor };
  }

  @Get(':version')
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: "One version: every figure beside the model's default" })
  @ApiOkResponse({ type: AssumptionSetVersionDto })
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('version', VersionPipe) version: number,
  ): Promise<AssumptionSetVersionDto> {
    return toVersionDto(await this.versions.select(principal, id, version));
  }

  @Get(':version/changes')
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'Which figures moved since an earlier version, by whom and why' })
  @ApiOkResponse({ type: AssumptionMovementsDto })
  async changes(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('version', VersionPipe) version: number,
    @Query() { since = version - 1 }: MovementsQuery,
  ): Promise<AssumptionMovementsDto> {
    const moved = await this.versions.movements(principal, id, version, since);
    return { version, since, items: moved.map(toMovementDto) };
  }
}
