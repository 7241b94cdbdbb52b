import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { CONFIG, type Config } from '../config';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Structured logs, one JSON line an event, with a request id and without credentials or bodies. */
export function loggingModule(): DynamicModule {
  return LoggerModule.forRootAsync({
    inject: [CONFIG],
    useFactory: (config: Config) => ({
      pinoHttp: {
        level: config.logLevel,
        name: 'assay-api',
        genReqId: requestId,
        autoLogging: { ignore: (request: IncomingMessage) => /^\/(health|metrics)/.test(request.url ?? '') },
        redact: ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]'],
        serializers: {
          req: (request: { id: string; method: string; url: string }) => ({
            id: request.id,
            method: request.method,
            url: request.url.split('?')[0],
          }),
          res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        },
      },
    }),
  });
}

/** Takes over the caller's request id when it is harmless, else makes one; answers with it. */
function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  return id;
}
