import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ConnectionDrain } from './connection-drain';
import { ProblemFilter } from './problem.filter';
import { PublicLinks } from './public-links';
import { validationPipe } from './validation';

/** What holds for every endpoint: validation, problem details, links. */
@Global()
@Module({
  providers: [
    ConnectionDrain,
    PublicLinks,
    { provide: APP_PIPE, useFactory: validationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [PublicLinks],
})
export class HttpModule {}
