import { decimalsOf } from '@assay/cost-model/currency';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsDay } from '../http/day';
import { PageQuery } from '../http/pagination';
import { IsPlainText } from '../http/plain-text';
import { Trimmed } from '../http/trimmed';
import type { StoredExchangeRate } from './exchange-rates.service';

const CODE = /^[A-Z]{3}$/;
const NOT_A_CODE = { message: '$property must be three capital letters of ISO 4217, for example EUR' };
/** No currency is worth more than a thousand dollars, none less than a billionth of one; such a rate is a typing error. */
const LEAST = 0.001;
const MOST = 1e9;

export class RateCorrectionDto {
  @ApiProperty({ format: 'uuid', description: 'The rate that is wrong, of the same currency and day.' })
  @IsUUID()
  of!: string;

  @ApiProperty({ minLength: 1, maxLength: 500 })
  @Trimmed()
  @IsString()
  @Length(1, 500)
  @IsPlainText(500)
  reason!: string;
}

export class CreateExchangeRateDto {
  @ApiProperty({ example: 'EUR', description: 'ISO 4217; not USD.' })
  @IsString()
  @Matches(CODE, NOT_A_CODE)
  currency!: string;

  @ApiProperty({ description: 'Units of the currency for one US dollar.', minimum: LEAST, maximum: MOST, example: 0.92 })
  @IsNumber()
  @Min(LEAST)
  @Max(MOST)
  perDollar!: number;

  @ApiProperty({ format: 'date', description: 'Day of the rate, not in the future (UTC).', example: '2026-11-20' })
  @IsDay()
  date!: string;

  @ApiProperty({ minLength: 1, maxLength: 500, example: 'European Central Bank, reference rates' })
  @Trimmed()
  @IsString()
  @Length(1, 500)
  @IsPlainText(500)
  source!: string;

  @ApiPropertyOptional({
    type: RateCorrectionDto,
    description: 'Needed when the day has a rate already, which then no longer counts.',
  })
  @ValidateIf((body: CreateExchangeRateDto) => body.correction !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => RateCorrectionDto)
  correction?: RateCorrectionDto;
}

export class ExchangeRatesQuery extends PageQuery {
  @ApiPropertyOptional({ example: 'EUR', description: 'Only the rates of this currency.' })
  @IsOptional()
  @IsString()
  @Matches(CODE, NOT_A_CODE)
  currency?: string;
}

export class ExchangeRateAuthorDto {
  @ApiProperty({ enum: ['member', 'api_key'] }) kind!: string;
  @ApiProperty({ format: 'uuid' }) id!: string;
}

export class RateCorrectedDto {
  @ApiProperty({ format: 'uuid' }) of!: string;
  @ApiProperty() reason!: string;
}

export class ExchangeRateDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ description: 'Units of the currency for one US dollar, as it was given.', example: 0.92 }) perDollar!: number;
  @ApiProperty({ format: 'date' }) date!: string;
  @ApiProperty() source!: string;
  @ApiProperty({ type: 'integer', description: "Decimals of the currency's smallest unit.", example: 2 }) decimals!: number;
  @ApiProperty({ type: RateCorrectedDto, nullable: true, description: 'The rate that this one takes the place of.' })
  correction!: RateCorrectedDto | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The rate that took the place of this one.' })
  correctedBy!: string | null;
  @ApiProperty() createdBy!: ExchangeRateAuthorDto;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
}

export function toExchangeRateDto(rate: StoredExchangeRate): ExchangeRateDto {
  const { id, currency, day, source, corrects, correctionReason, correctedBy, createdByKind, createdBy, createdAt } = rate;
  return {
    ...{ id, currency, perDollar: Number(rate.perDollar), date: day, source },
    decimals: decimalsOf(currency),
    correction: corrects === null || correctionReason === null ? null : { of: corrects, reason: correctionReason },
    correctedBy,
    createdBy: { kind: createdByKind, id: createdBy },
    createdAt: createdAt.toISOString(),
  };
}
