import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { GradingModule } from '../grading/grading.module';
import { MetricsController } from '../http/metrics.controller';
import { HealthController } from './health.controller';

@Module({ imports: [TerminusModule, GradingModule], controllers: [HealthController, MetricsController] })
export class HealthModule {}
