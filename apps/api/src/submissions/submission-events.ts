import { isSettled } from '@assay/lifecycle/submission-status';
import { Injectable, type MessageEvent } from '@nestjs/common';
import {
  concatMap,
  distinctUntilChanged,
  filter,
  from,
  map,
  merge,
  type Observable,
  share,
  takeUntil,
  takeWhile,
  timer,
} from 'rxjs';
import type { SubmissionDto } from './submissions.dto';

const LOOK_EVERY_MS = 300;
const KEEP_ALIVE_MS = 15_000;

/** Turns the state of a submission into a stream of its changes. */
@Injectable()
export class SubmissionEvents {
  /** Emits `status` at once and at every change, `keep-alive` in between, and ends after the final status. */
  follow(look: () => Promise<SubmissionDto>): Observable<MessageEvent> {
    const states = timer(0, LOOK_EVERY_MS).pipe(
      concatMap(() => from(look())),
      takeWhile((submission) => !isSettled(submission.status), true),
      share(),
    );
    const over = states.pipe(filter((submission) => isSettled(submission.status)));
    const changes = states.pipe(
      distinctUntilChanged((before, after) => before.status === after.status && before.phase === after.phase),
      map((submission): MessageEvent => ({ type: 'status', data: submission })),
    );
    const keepAlive = timer(KEEP_ALIVE_MS, KEEP_ALIVE_MS).pipe(
      map((): MessageEvent => ({ type: 'keep-alive', data: {} })),
      takeUntil(over),
    );
    return merge(changes, keepAlive);
  }
}
