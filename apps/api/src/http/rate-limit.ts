import { applyDecorators, type DynamicModule, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { ApiTooManyRequestsResponse } from '@nestjs/swagger';
import { SkipThrottle, ThrottlerGuard, type ThrottlerLimitDetail, ThrottlerModule } from '@nestjs/throttler';
import type { Response } from 'express';
import { CONFIG, type Config } from '../config';
import { Problem } from './problem';
import { ProblemDto } from './problem.dto';

const MINUTE_MS = 60_000;

/** The limits there are, each per caller's address and minute. */
const LIMITS = { 'sign-in': 'signInsPerMinute', upload: 'uploadsPerMinute' } as const satisfies Record<string, keyof Config>;
type LimitName = keyof typeof LIMITS;
const LIMIT_NAMES = Object.keys(LIMITS) as LimitName[];

/** Counts in this process's memory: with several API processes each has its own count. */
export function rateLimitModule(): DynamicModule {
  return ThrottlerModule.forRootAsync({
    inject: [CONFIG],
    useFactory: (config: Config) => LIMIT_NAMES.map((name) => ({ name, ttl: MINUTE_MS, limit: config[LIMITS[name]] })),
  });
}

@Injectable()
class RateLimitGuard extends ThrottlerGuard {
  protected override async throwThrottlingException(context: ExecutionContext, detail: ThrottlerLimitDetail): Promise<void> {
    const seconds = Math.max(1, Math.ceil(detail.timeToBlockExpire));
    context.switchToHttp().getResponse<Response>().setHeader('Retry-After', String(seconds));
    throw new Problem('too-many-requests', `Wait ${seconds} seconds and try again.`);
  }
}

/** Puts an endpoint under one of the limits; beyond it answers 429 with `Retry-After`. */
export function RateLimit(limit: LimitName): MethodDecorator {
  const others = LIMIT_NAMES.filter((name) => name !== limit);
  return applyDecorators(
    UseGuards(RateLimitGuard),
    SkipThrottle(Object.fromEntries(others.map((name) => [name, true]))),
    ApiTooManyRequestsResponse({ description: 'Too many requests: wait for the seconds in Retry-After.', type: ProblemDto }),
  );
}
