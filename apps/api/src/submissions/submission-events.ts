import { isSettled } from '@assay/lifecycle/submission-status';
import { type BeforeApplicationShutdown, Injectable, type MessageEvent } from '@nestjs/common';
import {
  concatMap,
  defer,
  distinctUntilChanged,
  filter,
  finalize,
  from,
  map,
  merge,
  type Observable,
  Subject,
  share,
  takeUntil,
  takeWhile,
  timer,
} from 'rxjs';
import type { SubmissionDto } from './submissions.dto';

const LOOK_EVERY_MS = 300;
const KEEP_ALIVE_MS = 15_000;
/** More than a person has windows open. */
const MAX_STREAMS = 5;

/** Turns the state of a submission into a stream of its changes. */
@Injectable()
export class SubmissionEvents implements BeforeApplicationShutdown {
  private readonly stopping = new Subject<void>();
  /** Open streams by evaluation. */
  private readonly streams = new Map<string, number>();

  /** Ends all streams; clients open them again, or ask for the status. */
  beforeApplicationShutdown(): void {
    this.stopping.next();
  }

  /** Whether another stream of this evaluation may be opened: each of them looks at the database several times a second. */
  hasRoomFor(evaluationId: string): boolean {
    return (this.streams.get(evaluationId) ?? 0) < MAX_STREAMS;
  }

  /** Emits `status` at once and at every change, `keep-alive` in between, and ends after the final status. */
  follow(evaluationId: string, look: () => Promise<SubmissionDto>): Observable<MessageEvent> {
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
    return defer(() => {
      this.count(evaluationId, 1);
      return merge(changes, keepAlive).pipe(takeUntil(this.stopping));
    }).pipe(finalize(() => this.count(evaluationId, -1)));
  }

  private count(evaluationId: string, change: 1 | -1): void {
    const count = (this.streams.get(evaluationId) ?? 0) + change;
    if (count === 0) this.streams.delete(evaluationId);
    else this.streams.set(evaluationId, count);
  }
}
