import { Module } from '@nestjs/common';
import { CostEstimatesModule } from './cost-estimates.module';
import { EstimateExportWorker } from './estimate-export-worker';
import { EstimateExportsController } from './estimate-exports.controller';

@Module({ imports: [CostEstimatesModule], controllers: [EstimateExportsController], providers: [EstimateExportWorker] })
export class EstimateExportsModule {}
