import { isSettled } from '@assay/lifecycle/submission-status';
import { Injectable, type MessageEvent } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { ChangeStreams } from '../http/change-streams';
import type { SubmissionDto } from './submissions.dto';

/** Turns the state of a submission into a stream of its changes. */
@Injectable()
export class SubmissionEvents {
  constructor(private readonly streams: ChangeStreams) {}

  /** Whether another stream of this evaluation may be opened. */
  hasRoomFor(evaluationId: string): boolean {
    return this.streams.hasRoomFor(evaluationId);
  }

  /** Emits `status` at once and at every change, with the place in the queue while it waits, and ends after the final status. */
  follow(evaluationId: string, look: () => Promise<SubmissionDto>): Observable<MessageEvent> {
    return this.streams.follow({ owner: evaluationId, look, isOver: ({ status }) => isSettled(status) });
  }
}
