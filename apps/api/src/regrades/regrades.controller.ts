import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent } from '../http/idempotency';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { RegradeDecisions } from './regrade-decisions.service';
import { ChangesQuery, CreateRegradeDto, DecideRegradeDto } from './regrade-request.dto';
import { RegradeRequests } from './regrade-requests.service';
import { RegradeChangeDto, RegradeDto } from './regrades.dto';
import { RegradesService } from './regrades.service';

@ApiTags('regrades')
@Controller('regrades')
export class RegradesController {
  constructor(
    private readonly requests: RegradeRequests,
    private readonly decisions: RegradeDecisions,
    private readonly regrades: RegradesService,
  ) {}

  /** Grades all graded submissions of a task again, in new runs beside the old ones. Nothing counts until it is approved. */
  @Post()
  @RequirePermission(Permission.RequestRegrade)
  @Idempotent()
  @ApiCreatedResponse({ type: RegradeDto })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateRegradeDto): Promise<RegradeDto> {
    return this.regrades.answerOne(principal, await this.requests.create(principal, body));
  }

  /** All regrades, newest first. */
  @Get()
  @RequirePermission(Permission.ReadGrading)
  @ApiPage(RegradeDto)
  list(@CurrentPrincipal() principal: Principal, @Query() page: PageQuery): Promise<Page<RegradeDto>> {
    return this.regrades.list(principal, page);
  }

  @Get(':id')
  @RequirePermission(Permission.ReadGrading)
  @ApiOkResponse({ type: RegradeDto })
  async read(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<RegradeDto> {
    return this.regrades.answerOne(principal, await this.regrades.select(principal, id));
  }

  /** The submissions of a regrade, each with what its new run changes. */
  @Get(':id/changes')
  @RequirePermission(Permission.ReadGrading)
  @ApiPage(RegradeChangeDto)
  changes(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: ChangesQuery,
  ): Promise<Page<RegradeChangeDto>> {
    return this.regrades.listChanges(principal, id, query);
  }

  /** Approves new scorecards, which count from now on, or rejects them. */
  @Post(':id/decision')
  @HttpCode(200)
  @RequirePermission(Permission.DecideRegrade)
  @ApiOkResponse({ type: RegradeDto })
  async decide(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: DecideRegradeDto,
  ): Promise<RegradeDto> {
    return this.regrades.answerOne(principal, await this.decisions.decide(principal, id, body));
  }

  /** Ends a regrade: what is not graded yet will not be, and what is undecided stays as it was. */
  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission(Permission.RequestRegrade)
  @ApiOkResponse({ type: RegradeDto })
  async cancel(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<RegradeDto> {
    return this.regrades.answerOne(principal, await this.decisions.cancel(principal, id));
  }
}
