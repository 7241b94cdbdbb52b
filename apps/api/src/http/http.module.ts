import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { IdempotencyInterceptor } from './idempotency';
import { ProblemFilter } from './problem.filter';
import { PublicLinks } from './public-links';
import { validationPipe } from './validation';

/** What holds for every endpoint: validation, problem details, idempotency, links. */
@Global()
@Module({
  providers: [
    PublicLinks,
    { provide: APP_PIPE, useFactory: validationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  ],
  exports: [PublicLinks],
})
export class HttpModule {}
