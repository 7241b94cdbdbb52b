import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CostEstimateEntity, CostEstimateModelEntity } from './cost-estimate.entity';
import { CostEstimatesController } from './cost-estimates.controller';
import { CostEstimatesService } from './cost-estimates.service';
import { EstimateBasis } from './estimate-basis';
import { SimulationThreads } from './simulation-threads';

@Module({
  imports: [TypeOrmModule.forFeature([CostEstimateEntity, CostEstimateModelEntity])],
  controllers: [CostEstimatesController],
  providers: [CostEstimatesService, EstimateBasis, SimulationThreads],
  exports: [CostEstimatesService],
})
export class CostEstimatesModule {}
