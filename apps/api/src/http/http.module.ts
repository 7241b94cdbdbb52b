import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ChangeStreams } from './change-streams';
import { ConnectionDrain } from './connection-drain';
import { ProblemFilter } from './problem.filter';
import { PublicLinks } from './public-links';
import { validationPipe } from './validation';

/** What holds for every endpoint: validation, problem details, links, streams. */
@Global()
@Module({
  providers: [
    ConnectionDrain,
    PublicLinks,
    ChangeStreams,
    { provide: APP_PIPE, useFactory: validationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [PublicLinks, ChangeStreams],
})
export class HttpModule {}
