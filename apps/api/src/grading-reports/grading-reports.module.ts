import { Module } from '@nestjs/common';
import { GradingReportsService } from './grading-reports.service';

@Module({ providers: [GradingReportsService], exports: [GradingReportsService] })
export class GradingReportsModule {}
