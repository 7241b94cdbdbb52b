import type { DynamicModule } from '@nestjs/common';
import { AuditModule } from './audit/audit.module';
import { AuthModule } from './auth/auth.module';
import { CandidatesModule } from './candidates/candidates.module';
import type { Config } from './config';
import { configModule } from './config.module';
import { CostEstimatesModule } from './cost-estimates/cost-estimates.module';
import { DatabaseModule } from './database/database.module';
import { HealthModule } from './health/health.module';
import { HttpModule } from './http/http.module';
import { loggingModule } from './http/logging';
import { RubricsModule } from './rubrics/rubrics.module';
import { TasksModule } from './tasks/tasks.module';

class AppModule {}

/** The whole API. */
export function appModule(config: Config): DynamicModule {
  return {
    module: AppModule,
    imports: [
      configModule(config),
      loggingModule(),
      DatabaseModule,
      HttpModule,
      HealthModule,
      AuditModule,
      AuthModule,
      RubricsModule,
      TasksModule,
      CandidatesModule,
      CostEstimatesModule,
    ],
  };
}
