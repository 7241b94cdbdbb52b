import type { PracticeProgress, PracticeStep } from '@assay/contracts/practice-progress';
import { Injectable } from '@nestjs/common';

/** What is known of a run that goes on. */
export interface KnownPracticeProgress {
  readonly phase: PracticeProgress['phase'];
  readonly done: number;
  readonly total: number | null;
  /** The checks that ended last, oldest first. */
  readonly steps: readonly PracticeStep[];
}

/** Runs that are known at a time, the ones heard of last. */
const MOST_RUNS = 1_000;

/** What workers said last about the practice runs they are at. In memory only: it is a courtesy to who waits, not a state. */
@Injectable()
export class PracticeProgressService {
  private readonly known = new Map<string, KnownPracticeProgress>();

  note(runId: string, progress: PracticeProgress): void {
    const before = this.known.get(runId);
    this.known.delete(runId);
    this.known.set(runId, stateAfter(before, progress));
    // Another process of the API may have taken the report, so that this one is never told to forget.
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MOST_RUNS) return;
      this.known.delete(oldest);
    }
  }

  forget(runId: string): void {
    this.known.delete(runId);
  }

  of(runId: string): KnownPracticeProgress | null {
    return this.known.get(runId) ?? null;
  }
}

/** A run that is fetched or started (again) has no check that ended. */
function stateAfter(before: KnownPracticeProgress | undefined, progress: PracticeProgress): KnownPracticeProgress {
  if (progress.phase === 'checking') return progress;
  const { phase } = progress;
  return phase === 'reporting' && before ? { ...before, phase } : { phase, done: 0, total: null, steps: [] };
}
