import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Metrics of this process, in the Prometheus text format. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const requests = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from the request to the end of its answer.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [registry],
});

/** Measures every request under its route's pattern, so that ids make no series of their own. */
export function measureRequests(request: Request, response: Response, next: NextFunction): void {
  const stop = requests.startTimer();
  response.on('finish', () => {
    const route = request.route as { path?: string } | undefined;
    stop({ method: request.method, route: route?.path ?? 'unmatched', status: String(response.statusCode) });
  });
  next();
}
