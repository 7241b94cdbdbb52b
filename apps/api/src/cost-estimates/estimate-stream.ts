import { PassThrough } from 'node:stream';
import {
  applyDecorators,
  type CallHandler,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Observable } from 'rxjs';
import { problemDetails } from '../http/problem.filter';
import { EstimateDto } from './cost-estimates.dto';
import type { SimulationListener } from './simulation-threads';

const EVENTS = 'text/event-stream';
const KEEP_ALIVE_MS = 15_000;

type ListenedRequest = Request & { id?: string; simulationListener?: SimulationListener };

/** Hands who waits for the answer to a controller's method: its simulation ends when the client hangs up. */
export const Listener = createParamDecorator((_: unknown, context: ExecutionContext): SimulationListener => {
  return context.switchToHttp().getRequest<ListenedRequest>().simulationListener ?? {};
});

/**
 * For a POST that makes an estimate. A client that accepts `text/event-stream` rather than JSON gets the events `progress` (`{share}`,
 * 0..1) and at the end `estimate` (what JSON would answer) or `problem`; what is wrong before the simulation begins is an ordinary
 * problem with its status. Stands below `Idempotent`, whose answer it streams.
 */
export function StreamsEstimate(): MethodDecorator {
  return applyDecorators(
    UseInterceptors(EstimateStreamInterceptor),
    ApiExtraModels(EstimateDto),
    ApiCreatedResponse({ content: { 'application/json': { schema: { $ref: getSchemaPath(EstimateDto) } } } }),
    ApiOkResponse({
      description: 'The events `progress` {share}, and at the end `estimate` or `problem`.',
      content: { [EVENTS]: { schema: { type: 'string' } } },
    }),
  );
}

@Injectable()
export class EstimateStreamInterceptor implements NestInterceptor {
  private readonly logger = new Logger(EstimateStreamInterceptor.name);

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<ListenedRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    const hangUp = new AbortController();
    response.once('close', () => hangUp.abort());
    const listener = { signal: hangUp.signal };
    request.simulationListener = listener;
    if (request.accepts(['application/json', EVENTS]) !== EVENTS) return next.handle();
    return new Observable((subscriber) => {
      let events: EventStream | null = null;
      const opened = (): EventStream => {
        if (events === null) {
          events = new EventStream(response);
          subscriber.next(events.file);
          subscriber.complete();
        }
        return events;
      };
      request.simulationListener = { ...listener, onProgress: (share) => opened().send('progress', { share }) };
      // Goes on after the stream was handed over, so it is no part of what is unsubscribed then.
      next.handle().subscribe({
        next: (estimate: unknown) => opened().end('estimate', estimate),
        error: (thrown: unknown) => {
          if (events === null) return subscriber.error(thrown);
          const problem = problemDetails(thrown, request);
          if (problem.code === 'internal') this.logger.error({ err: thrown, requestId: request.id }, 'Unforeseen error');
          events.end('problem', problem);
        },
      });
    });
  }
}

/** Server-sent events as the body of an answer. */
class EventStream {
  private readonly stream = new PassThrough();
  private readonly keepAlive = setInterval(() => this.write(': keep-alive\n\n'), KEEP_ALIVE_MS).unref();
  readonly file = new StreamableFile(this.stream, { type: EVENTS });

  constructor(response: Response) {
    response.set({ 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' });
    // Nothing is created yet when the events begin.
    response.once('pipe', () => response.status(200));
    response.once('close', () => clearInterval(this.keepAlive));
  }

  send(event: string, data: unknown): void {
    this.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  end(event: string, data: unknown): void {
    this.send(event, data);
    this.stream.end();
  }

  private write(text: string): void {
    if (this.stream.writable) this.stream.write(text);
  }
}
