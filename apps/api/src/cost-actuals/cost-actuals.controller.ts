import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent } from '../http/idempotency';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { ActualDto, toActualDto } from './cost-actuals.dto';
import { CostActualsService } from './cost-actuals.service';
import { RecordActualDto, WithdrawActualDto } from './record-actual.dto';

@ApiTags('estimates')
@Controller('estimates/:id/actuals')
export class CostActualsController {
  constructor(private readonly actuals: CostActualsService) {}

  @Post()
  @RequirePermission(Permission.CreateEstimates)
  @Idempotent()
  @ApiOperation({ summary: 'Record what the hire really cost and took with the model that was taken, or correct that record' })
  @ApiCreatedResponse({ type: ActualDto })
  async record(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: RecordActualDto,
  ): Promise<ActualDto> {
    return toActualDto(await this.actuals.record(principal, id, body, new Date()));
  }

  @Post('withdrawal')
  @RequirePermission(Permission.CreateEstimates)
  @Idempotent()
  @ApiOperation({ summary: 'Take back what was recorded: it stays readable and no longer counts' })
  @ApiCreatedResponse({ type: ActualDto })
  async withdraw(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason }: WithdrawActualDto,
  ): Promise<ActualDto> {
    return toActualDto(await this.actuals.withdraw(principal, id, reason));
  }

  @Get()
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({
    summary: 'What was recorded of the estimate, newest first; only the newest of all can count',
  })
  @ApiPage(ActualDto)
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<ActualDto>> {
    const { items, nextCursor } = await this.actuals.list(principal, id, query);
    return { items: items.map(toActualDto), nextCursor };
  }
}
