import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AssumptionSetsModule } from '../assumption-sets/assumption-sets.module';
import { ExchangeRatesModule } from '../exchange-rates/exchange-rates.module';
import { CostEstimateEntity, CostEstimateModelEntity } from './cost-estimate.entity';
import { CostEstimatesController } from './cost-estimates.controller';
import { CostEstimatesService } from './cost-estimates.service';
import { EstimateBasis } from './estimate-basis';
import { EstimateComparisonController } from './estimate-comparison.controller';
import { EstimateComparisonService } from './estimate-comparison.service';
import { EstimateRerunsController } from './estimate-reruns.controller';
import { EstimateRerunsService } from './estimate-reruns.service';
import { EstimateScenariosController } from './estimate-scenarios.controller';
import { EstimateScenariosService } from './estimate-scenarios.service';
import { SimulationThreads } from './simulation-threads';

@Module({
  imports: [TypeOrmModule.forFeature([CostEstimateEntity, CostEstimateModelEntity]), AssumptionSetsModule, ExchangeRatesModule],
  controllers: [CostEstimatesController, EstimateScenariosController, EstimateRerunsController, EstimateComparisonController],
  providers: [
    CostEstimatesService,
    EstimateBasis,
    SimulationThreads,
    EstimateScenariosService,
    EstimateRerunsService,
    EstimateComparisonService,
  ],
  exports: [CostEstimatesService, EstimateScenariosService],
})
export class CostEstimatesModule {}
