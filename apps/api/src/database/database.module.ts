import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions';
import { CONFIG, type Config } from '../config';
import { openDataSource } from './open-data-source';
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
        toRetry: () => false, // `openDataSource` does
        extra: {
          statement_timeout: 15_000,
          idle_in_transaction_session_timeout: 30_000,
          // On our side, for a server that answers nothing any more and for a pool that is used up.
          query_timeout: 20_000,
          connectionTimeoutMillis: 10_000,
        },
      }),
      dataSourceFactory: (options) => openDataSource(options as PostgresDataSourceOptions),
    }),
  ],
  providers: [TenantDatabase],
  exports: [TenantDatabase],
})
export class DatabaseModule {}
