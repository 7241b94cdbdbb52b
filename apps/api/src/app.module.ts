import type { DynamicModule } from '@nestjs/common';
import { ApiKeysModule } from './api-keys/api-keys.module';
import { AssumptionSetsModule } from './assumption-sets/assumption-sets.module';
import { AuditModule } from './audit/audit.module';
import { AuthModule } from './auth/auth.module';
import { SessionsModule } from './auth/sessions/sessions.module';
import { CandidatePortalModule } from './candidate-portal/candidate-portal.module';
import { CandidatesModule } from './candidates/candidates.module';
import type { Config } from './config';
import { configModule } from './config.module';
import { CostActualsModule } from './cost-actuals/cost-actuals.module';
import { CostEstimatesModule } from './cost-estimates/cost-estimates.module';
import { EstimateExportsModule } from './cost-estimates/estimate-exports.module';
import { DatabaseModule } from './database/database.module';
import { EvaluationsModule } from './evaluations/evaluations.module';
import { ExchangeRatesModule } from './exchange-rates/exchange-rates.module';
import { GradingModule } from './grading/grading.module';
import { HealthModule } from './health/health.module';
import { HttpModule } from './http/http.module';
import { loggingModule } from './http/logging';
import { rateLimitModule } from './http/rate-limit';
import { MembersModule } from './members/members.module';
import { OrganisationsModule } from './organisations/organisations.module';
import { PracticeModule } from './practice/practice.module';
import { RegradesModule } from './regrades/regrades.module';
import { ReportExportsModule } from './report-exports/report-exports.module';
import { RubricsModule } from './rubrics/rubrics.module';
import { ScorecardsModule } from './scorecards/scorecards.module';
import { SubmissionsModule } from './submissions/submissions.module';
import { TasksModule } from './tasks/tasks.module';

class AppModule {}

/** The whole API. */
export function appModule(config: Config): DynamicModule {
  return {
    module: AppModule,
    imports: [
      configModule(config),
      loggingModule(),
      rateLimitModule(),
      DatabaseModule,
      HttpModule,
      HealthModule,
      AuditModule,
      AuthModule,
      SessionsModule,
      OrganisationsModule,
      MembersModule,
      ApiKeysModule,
      RubricsModule,
      TasksModule,
      CandidatesModule,
      AssumptionSetsModule,
      ExchangeRatesModule,
      CostEstimatesModule,
      EstimateExportsModule,
      CostActualsModule,
      CandidatePortalModule,
      SubmissionsModule,
      PracticeModule,
      ScorecardsModule,
      GradingModule,
      RegradesModule,
      ReportExportsModule,
      EvaluationsModule,
    ],
  };
}
