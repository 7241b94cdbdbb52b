import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { GradingReportsModule } from '../grading-reports/grading-reports.module';
import { OrganisationsModule } from '../organisations/organisations.module';
import { PracticeModule } from '../practice/practice.module';
import { ScorecardsModule } from '../scorecards/scorecards.module';
import { TasksModule } from '../tasks/tasks.module';
import { CandidatePortalController } from './candidate-portal.controller';
import { CandidatePortalService } from './candidate-portal.service';

@Module({
  imports: [
    AuthModule,
    EvaluationsModule,
    TasksModule,
    GradingReportsModule,
    ScorecardsModule,
    OrganisationsModule,
    PracticeModule,
  ],
  controllers: [CandidatePortalController],
  providers: [CandidatePortalService],
})
export class CandidatePortalModule {}
