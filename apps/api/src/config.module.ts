import type { DynamicModule } from '@nestjs/common';
import { CONFIG, type Config } from './config';

class ConfigModule {}

/** Makes the configuration injectable everywhere. */
export function configModule(config: Config): DynamicModule {
  return { module: ConfigModule, global: true, providers: [{ provide: CONFIG, useValue: config }], exports: [CONFIG] };
}
