import { Module } from '@nestjs/common';
import { GradingModule } from '../grading/grading.module';
import { GradingReportsModule } from '../grading-reports/grading-reports.module';
import { ReportExportsController } from './report-exports.controller';

@Module({ imports: [GradingModule, GradingReportsModule], controllers: [ReportExportsController] })
export class ReportExportsModule {}
