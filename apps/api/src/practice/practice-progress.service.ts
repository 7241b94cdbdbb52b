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

/** What workers said last about the practice runs they are at. In memory only: it is a courtesy to who waits, not a state. */
@Injectable()
export class PracticeProgressService {
  private readonly known = new Map<string, KnownPracticeProgress>();

  note(runId: string, progress: PracticeProgress): void {
    const before = this.known.get(runId) ?? { done: 0, total: null, steps: [] };
    this.known.set(runId, progress.phase === 'checking' ? progress : { ...before, phase: progress.phase });
  }

  forget(runId: string): void {
    this.known.delete(runId);
  }

  of(runId: string): KnownPracticeProgress | null {
    return this.known.get(runId) ?? null;
  }
}
