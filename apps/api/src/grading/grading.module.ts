import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { GradingReportsModule } from '../grading-reports/grading-reports.module';
import { OutboxModule } from '../outbox/outbox.module';
import { RegradeLedgerModule } from '../regrades/regrade-ledger.module';
import { RubricsModule } from '../rubrics/rubrics.module';
import { ScorecardsModule } from '../scorecards/scorecards.module';
import { TasksModule } from '../tasks/tasks.module';
import { ArchiveController } from './archive.controller';
import { GradeComparisons } from './grade-comparisons.service';
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
    RegradeLedgerModule,
    TasksModule,
  ],
  controllers: [GradingRunsController, ArchiveController],
  providers: [
    GradingService,
    GradeComparisons,
    GradingQueues,
    GradingReportsConsumer,
    GradingRelay,
    GradingProgress,
    RunTokenService,
  ],
  exports: [GradingQueues, GradingService, GradeComparisons, GradingRelay, GradingProgress, RunTokenService],
})
export class GradingModule {}
