import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { readConfig } from './config';
import { stopOnSignal } from './shutdown';
import { workerModule } from './worker.module';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const app = await NestFactory.create(workerModule(config), { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(Logger));
  stopOnSignal(app, config.shutdownMs);
  await app.listen(config.healthPort, config.healthHost);
}

main().catch((error: Error) => {
  process.stderr.write(`The worker did not start: ${error.message}\n`);
  process.exit(1);
});
