import { readableBytes, SUBMISSION_LIMITS } from '@assay/archive/archive-limits';
import { type CallHandler, type ExecutionContext, HttpException, Injectable, PayloadTooLargeException } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { Problem } from '../http/problem';

const ARCHIVE_FIELD = 'archive';

const Receiver = FileInterceptor(ARCHIVE_FIELD, { limits: { fileSize: SUBMISSION_LIMITS.archiveBytes, files: 1, fields: 0 } });

/** Receives the one file of an upload, and says to who sent something else what to send. */
@Injectable()
export class ReceiveArchive extends Receiver {
  override async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    let received: Observable<unknown>;
    try {
      received = await super.intercept(context, next);
    } catch (error) {
      if (error instanceof PayloadTooLargeException) {
        throw new Problem(
          'payload-too-large',
          `The archive may have at most ${readableBytes(SUBMISSION_LIMITS.archiveBytes)}. Leave out virtual environments, caches and media, and archive again.`,
        );
      }
      if (error instanceof HttpException && error.getStatus() === 400) throw wrongForm(error.message);
      // Nobody reads this answer any more; it keeps a lost connection from counting as a fault of ours.
      if (context.switchToHttp().getRequest<Request>().readableAborted) throw wrongForm('The connection was lost');
      throw error;
    }
    if (!context.switchToHttp().getRequest<{ file?: unknown }>().file) throw wrongForm('There is no file');
    return received;
  }
}

function wrongForm(why: string): Problem {
  return new Problem(
    'malformed-request',
    `${why}. Send the project as one file in the multipart field "${ARCHIVE_FIELD}", and nothing else.`,
  );
}
