import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CostEstimatesModule } from '../cost-estimates/cost-estimates.module';
import { ExchangeRatesModule } from '../exchange-rates/exchange-rates.module';
import { CostActualEntity } from './cost-actual.entity';
import { CostActualsController } from './cost-actuals.controller';
import { CostActualsService } from './cost-actuals.service';
import { EstimateCalibrationController } from './estimate-calibration.controller';
import { EstimateCalibrationService } from './estimate-calibration.service';

@Module({
  imports: [TypeOrmModule.forFeature([CostActualEntity]), CostEstimatesModule, ExchangeRatesModule],
  controllers: [CostActualsController, EstimateCalibrationController],
  providers: [CostActualsService, EstimateCalibrationService],
  exports: [CostActualsService, EstimateCalibrationService],
})
export class CostActualsModule {}
