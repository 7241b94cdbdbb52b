import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CONFIG, type Config } from '../config';
import { TenantDatabase } from './tenant-database';

/** The platform database, reached as a role that cannot bypass row-level security. Entities are registered by their features. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [CONFIG],
      useFactory: (config: Config) => ({
        type: 'postgres',
        url: config.databaseUrl,
        poolSize: config.databaseConnections,
        applicationName: 'assay-api',
        autoLoadEntities: true,
        synchronize: false,
        extra: { statement_timeout: 15_000, idle_in_transaction_session_timeout: 30_000 },
      }),
    }),
  ],
  providers: [TenantDatabase],
  exports: [TenantDatabase],
})
export class DatabaseModule {}
