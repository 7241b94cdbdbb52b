import { Injectable } from '@nestjs/common';

/** What workers said last about the runs they are at. In memory only: it is a courtesy to who waits, not a state. */
@Injectable()
export class GradingProgress {
  private readonly phases = new Map<string, string>();

  note(runId: string, phase: string): void {
    this.phases.set(runId, phase);
  }

  forget(runId: string): void {
    this.phases.delete(runId);
  }

  phaseOf(runId: string): string | null {
    return this.phases.get(runId) ?? null;
  }
}
