import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import { appModule } from './app.module';
import type { Config } from './config';
import { noteArrival } from './http/arrival';
import { measureRequests } from './http/metrics';
import { serveApiDescription } from './http/openapi';
import { readBodies } from './http/request-bodies';

/** The API, ready to listen. Tests and `main.ts` build it alike. */
export async function createApp(config: Config): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(appModule(config), {
    bufferLogs: true,
    bodyParser: false,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.set('trust proxy', config.trustProxyHops);
  app.disable('x-powered-by');
  const https = config.publicUrl?.startsWith('https:') ?? false;
  app.use(
    helmet({
      strictTransportSecurity: https,
      contentSecurityPolicy: { directives: https ? {} : { upgradeInsecureRequests: null } },
    }),
  );
  app.use(noteArrival);
  app.use(measureRequests);
  readBodies(app);
  app.setGlobalPrefix('api/v1', { exclude: ['health/live', 'health/ready', 'metrics'] });
  app.enableShutdownHooks();
  serveApiDescription(app);
  return app;
}
