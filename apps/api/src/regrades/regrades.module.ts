import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { GradingModule } from '../grading/grading.module';
import { RubricsModule } from '../rubrics/rubrics.module';
import { ScorecardsModule } from '../scorecards/scorecards.module';
import { TasksModule } from '../tasks/tasks.module';
import { Regrade } from './regrade.entity';
import { RegradeDecisions } from './regrade-decisions.service';
import { RegradeItem } from './regrade-item.entity';
import { RegradeRequests } from './regrade-requests.service';
import { RegradesController } from './regrades.controller';
import { RegradesService } from './regrades.service';
import { RunRegradesController } from './run-regrades.controller';

@Module({
  imports: [
    TypeOrmModule.forFeature([Regrade, RegradeItem]),
    GradingModule,
    EvaluationsModule,
    ScorecardsModule,
    RubricsModule,
    TasksModule,
  ],
  controllers: [RegradesController, RunRegradesController],
  providers: [RegradeRequests, RegradeDecisions, RegradesService],
})
export class RegradesModule {}
