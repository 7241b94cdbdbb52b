import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AssumptionSetsModule } from '../assumption-sets/assumption-sets.module';
import { ExchangeRatesModule } from '../exchange-rates/exchange-rates.module';
import { CostEstimateEntity, CostEstimateModelEntity } from './cost-estimate.entity';
import { CostEstimatesController } from './cost-estimates.controller';
import { CostEstimatesService } from './cost-estimates.service';
import { EstimateBasis } from './estimate-basis';
import { SimulationThreads } from './simulation-threads';

@Module({
  imports: [TypeOrmModule.forFeature([CostEstimateEntity, CostEstimateModelEntity]), AssumptionSetsModule, ExchangeRatesModule],
  controllers: [CostEstimatesController],
  providers: [CostEstimatesService, EstimateBasis, SimulationThreads],
  exports: [CostEstimatesService],
})
export class CostEstimatesModule {}
