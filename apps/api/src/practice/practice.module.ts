import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { GradingModule } from '../grading/grading.module';
import { PracticeArchiveController } from './practice-archive.controller';
import { PracticeOutbox } from './practice-outbox';
import { PracticeProgressService } from './practice-progress.service';
import { PracticeQueues } from './practice-queues';
import { PracticeRelay } from './practice-relay';
import { PracticeReportsConsumer } from './practice-reports.consumer';
import { PracticeRun } from './practice-run.entity';
import { PracticeRunsController } from './practice-runs.controller';
import { PracticeRunsService } from './practice-runs.service';
import { PracticeSummaryController } from './practice-summary.controller';

@Module({
  imports: [TypeOrmModule.forFeature([PracticeRun]), EvaluationsModule, GradingModule],
  controllers: [PracticeRunsController, PracticeSummaryController, PracticeArchiveController],
  providers: [
    PracticeRunsService,
    PracticeOutbox,
    PracticeQueues,
    PracticeProgressService,
    PracticeReportsConsumer,
    PracticeRelay,
  ],
  exports: [PracticeRunsService],
})
export class PracticeModule {}
