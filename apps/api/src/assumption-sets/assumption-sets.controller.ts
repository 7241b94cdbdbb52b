import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent } from '../http/idempotency';
import { ApiPage, ArchivedQuery, type Page } from '../http/pagination';
import { ChangeAssumptionSetDto, CreateAssumptionSetDto } from './assumption-set-requests.dto';
import { AssumptionSetVersionsService } from './assumption-set-versions.service';
import { AssumptionSetDto, AssumptionSetSummaryDto, toAssumptionSetSummaryDto, toVersionDto } from './assumption-sets.dto';
import { type AssumptionSetSummary, AssumptionSetsService } from './assumption-sets.service';

@ApiTags('assumption-sets')
@Controller('assumption-sets')
export class AssumptionSetsController {
  constructor(
    private readonly sets: AssumptionSetsService,
    private readonly versions: AssumptionSetVersionsService,
  ) {}

  @Post()
  @RequirePermission(Permission.ManageAssumptions)
  @Idempotent()
  @ApiOperation({ summary: "Make a set of the organisation's own figures; its first version" })
  @ApiCreatedResponse({ type: AssumptionSetDto })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateAssumptionSetDto): Promise<AssumptionSetDto> {
    return this.answer(principal, await this.sets.create(principal, body));
  }

  @Get()
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'Assumption sets, newest first' })
  @ApiPage(AssumptionSetSummaryDto)
  async list(@CurrentPrincipal() principal: Principal, @Query() query: ArchivedQuery): Promise<Page<AssumptionSetSummaryDto>> {
    const { items, nextCursor } = await this.sets.list(principal, query, query.archived);
    return { items: items.map(toAssumptionSetSummaryDto), nextCursor };
  }

  @Get(':id')
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: "A set with its newest version: every figure beside the model's default" })
  @ApiOkResponse({ type: AssumptionSetDto })
  async get(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<AssumptionSetDto> {
    return this.answer(principal, await this.sets.selectSet(principal, id));
  }

  @Patch(':id')
  @RequirePermission(Permission.ManageAssumptions)
  @ApiOperation({ summary: 'Give a set another name or description' })
  @ApiOkResponse({ type: AssumptionSetSummaryDto })
  async change(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: ChangeAssumptionSetDto,
  ): Promise<AssumptionSetSummaryDto> {
    return toAssumptionSetSummaryDto(await this.sets.change(principal, id, body));
  }

  @Post(':id/archive')
  @HttpCode(200)
  @RequirePermission(Permission.ManageAssumptions)
  @ApiOperation({ summary: 'Take a set out of the choice; estimates that used it stay as they are' })
  @ApiOkResponse({ type: AssumptionSetSummaryDto })
  async archive(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
  ): Promise<AssumptionSetSummaryDto> {
    return toAssumptionSetSummaryDto(await this.sets.setArchived(principal, id, true));
  }

  @Post(':id/restore')
  @HttpCode(200)
  @RequirePermission(Permission.ManageAssumptions)
  @ApiOperation({ summary: 'Take an archived set back into the choice' })
  @ApiOkResponse({ type: AssumptionSetSummaryDto })
  async restore(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
  ): Promise<AssumptionSetSummaryDto> {
    return toAssumptionSetSummaryDto(await this.sets.setArchived(principal, id, false));
  }

  private async answer(principal: Principal, set: AssumptionSetSummary): Promise<AssumptionSetDto> {
    return { ...toAssumptionSetSummaryDto(set), newest: toVersionDto(await this.versions.selectNewest(principal, set)) };
  }
}
