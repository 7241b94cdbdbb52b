import { Module } from '@nestjs/common';
import { CostEstimatesModule } from './cost-estimates.module';
import { EstimateExportThreads } from './estimate-export-threads';
import { EstimateExportsController } from './estimate-exports.controller';

@Module({ imports: [CostEstimatesModule], controllers: [EstimateExportsController], providers: [EstimateExportThreads] })
export class EstimateExportsModule {}
