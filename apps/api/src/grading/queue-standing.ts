import { estimateWait } from '@assay/lifecycle/wait-estimate';
import { ApiProperty } from '@nestjs/swagger';

/** Waiting jobs that are looked at: whoever stands behind them hears no more than that. */
const MOST_WAITING = 1_000;
const RECENT_JOBS = 20;
const TICK_MS = 1_000;

export class WaitEstimateDto {
  @ApiProperty({ description: 'Seconds.' }) fromSeconds!: number;
  @ApiProperty({ description: 'Seconds.' }) toSeconds!: number;
}

export class QueueStandingDto {
  @ApiProperty({ description: 'Waiting runs whose turn comes before.' }) ahead!: number;
  @ApiProperty({
    type: WaitEstimateDto,
    nullable: true,
    description:
      'Time until it begins, from how long the last runs took and how many run at a time. Null when too little was measured, or no worker is at work.',
  })
  estimate!: WaitEstimateDto | null;
}

/** What is asked of a queue, as `JobQueue` answers it. */
interface Line {
  lineUp(
    most: number,
    recent: number,
  ): Promise<{ readonly waiting: readonly string[]; readonly active: number; readonly recentMs: readonly number[] }>;
}

interface Snapshot {
  readonly places: ReadonlyMap<string, number>;
  readonly slots: number;
  readonly recentMs: readonly number[];
}

/**
 * Where runs stand in one queue. The queue is asked at most once a second, however many clients ask. Never rejects: a store that does not
 * answer leaves the standing unknown.
 */
export class QueueStandings {
  private snapshot: Promise<Snapshot | null> = Promise.resolve(null);
  private takenAt = Number.NEGATIVE_INFINITY;

  /** @param within rejects when the store takes too long, so that one which hangs holds nobody up */
  constructor(
    private readonly queue: Line,
    private readonly within: <Value>(question: Promise<Value>) => Promise<Value>,
  ) {}

  /** Null when the run does not wait in the queue, or nobody knows. */
  async of(runId: string): Promise<QueueStandingDto | null> {
    const snapshot = await this.look();
    const ahead = snapshot?.places.get(runId);
    if (!snapshot || ahead === undefined) return null;
    return { ahead, estimate: estimateWait({ ahead, slots: snapshot.slots, recentMs: snapshot.recentMs }) };
  }

  private look(): Promise<Snapshot | null> {
    if (performance.now() - this.takenAt < TICK_MS) return this.snapshot;
    this.takenAt = performance.now();
    this.snapshot = this.within(this.queue.lineUp(MOST_WAITING, RECENT_JOBS)).then(
      ({ waiting, active, recentMs }) => ({ places: new Map(waiting.map((id, place) => [id, place])), slots: active, recentMs }),
      () => null,
    );
    return this.snapshot;
  }
}
