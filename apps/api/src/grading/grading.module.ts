import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { GradingReportsModule } from '../grading-reports/grading-reports.module';
import { OutboxModule } from '../outbox/outbox.module';
import { RubricsModule } from '../rubrics/rubrics.module';
import { ScorecardsModule } from '../scorecards/scorecards.module';
import { ArchiveController } from './archive.controller';
import { GradingService } from './grading.service';
import { GradingProgress } from './grading-progress';
import { GradingQueues } from './grading-queues';
import { GradingRelay } from './grading-relay';
import { GradingReportsConsumer } from './grading-reports.consumer';
import { GradingRun } from './grading-run.entity';
import { GradingRunsController } from './grading-runs.controller';
import { RunTokenService } from './run-token.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([GradingRun]),
    OutboxModule,
    RubricsModule,
    EvaluationsModule,
    GradingReportsModule,
    ScorecardsModule,
  ],
  controllers: [GradingRunsController, ArchiveController],
  providers: [GradingService, GradingQueues, GradingReportsConsumer, GradingRelay, GradingProgress, RunTokenService],
  exports: [GradingQueues, GradingService, GradingRelay, GradingProgress, RunTokenService],
})
export class GradingModule {}
