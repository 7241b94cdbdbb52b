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

const LOOK_EVERY_MS = 300;
const KEEP_ALIVE_MS = 15_000;
/** More than a person has windows open. */
const MAX_STREAMS = 5;

/** What a stream tells of. */
export interface Followed<State> {
  /** Streams are counted by it, for example the evaluation's id. */
  readonly owner: string;
  readonly look: () => Promise<State>;
  readonly isOver: (state: State) => boolean;
}

/**
 * Streams of server-sent events. Each event holds the whole state, so that a client that lost its connection has missed nothing when it
 * opens the stream again, whatever it sends as `Last-Event-ID`.
 */
@Injectable()
export class ChangeStreams implements BeforeApplicationShutdown {
  private readonly stopping = new Subject<void>();
  /** Open streams by owner. */
  private readonly streams = new Map<string, number>();

  /** Ends all streams; clients open them again, or ask for the status. */
  beforeApplicationShutdown(): void {
    this.stopping.next();
  }

  /** Whether another stream of this owner may be opened: each of them looks at the database several times a second. */
  hasRoomFor(owner: string): boolean {
    return (this.streams.get(owner) ?? 0) < MAX_STREAMS;
  }

  /** Emits `status` at once and at every change, `keep-alive` in between, and ends after the final state. */
  follow<State>({ owner, look, isOver }: Followed<State>): Observable<MessageEvent> {
    const states = timer(0, LOOK_EVERY_MS).pipe(
      concatMap(() => from(look())),
      takeWhile((state) => !isOver(state), true),
      share(),
    );
    const over = states.pipe(filter(isOver));
    const changes = states.pipe(
      map((state) => JSON.stringify(state)),
      distinctUntilChanged(),
      map((data, index): MessageEvent => ({ id: String(index + 1), type: 'status', data })),
    );
    const keepAlive = timer(KEEP_ALIVE_MS, KEEP_ALIVE_MS).pipe(
      map((): MessageEvent => ({ type: 'keep-alive', data: {} })),
      takeUntil(over),
    );
    return defer(() => {
      this.count(owner, 1);
      return merge(changes, keepAlive).pipe(takeUntil(this.stopping));
    }).pipe(finalize(() => this.count(owner, -1)));
  }

  private count(owner: string, change: 1 | -1): void {
    const count = (this.streams.get(owner) ?? 0) + change;
    if (count === 0) this.streams.delete(owner);
    else this.streams.set(owner, count);
  }
}
