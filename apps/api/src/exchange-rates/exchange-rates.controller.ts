import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent } from '../http/idempotency';
import { ApiPage, type Page } from '../http/pagination';
import { CreateExchangeRateDto, ExchangeRateDto, ExchangeRatesQuery, toExchangeRateDto } from './exchange-rates.dto';
import { ExchangeRatesService } from './exchange-rates.service';

@ApiTags('exchange-rates')
@Controller('exchange-rates')
export class ExchangeRatesController {
  constructor(private readonly rates: ExchangeRatesService) {}

  @Post()
  @RequirePermission(Permission.ManageAssumptions)
  @Idempotent()
  @ApiOperation({
    summary: 'Store what one US dollar was worth on a day; a stored rate is never changed, only corrected by another',
  })
  @ApiCreatedResponse({ type: ExchangeRateDto })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateExchangeRateDto): Promise<ExchangeRateDto> {
    return toExchangeRateDto(await this.rates.create(principal, body));
  }

  @Get()
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'Exchange rates, last stored first' })
  @ApiPage(ExchangeRateDto)
  async list(@CurrentPrincipal() principal: Principal, @Query() query: ExchangeRatesQuery): Promise<Page<ExchangeRateDto>> {
    const { items, nextCursor } = await this.rates.list(principal, query, query.currency);
    return { items: items.map(toExchangeRateDto), nextCursor };
  }
}
