import type { SandboxLayer } from '@assay/sandbox/sandbox';
import type { Stage } from './stage';

/** Walls outside the sandbox, by the names that docs/SECURITY.md uses. */
export const JUDGE_LAYERS = [
  /** An upload is inspected before anything of it is written. */
  'archive-rules',
  /** Answers are compared strictly by type, and every positive check has a negative one. */
  'strict-checks',
  /** Verdicts come from answers and from the database, never from what the project prints, returns or reports of itself. */
  'outside-judge',
  /** Checks write fresh rows and ask again, so that nothing can be known in advance. */
  'fresh-data',
  /** Headers, bodies, connections and time of a conversation with the project are bounded. */
  'bounded-conversation',
  /** Hidden checks live in a process that the project cannot reach. */
  'judge-process',
  /** One proxy pins user and database and counts what the server completes. */
  'database-proxy',
  /** A fresh role without rights, and a fresh database. */
  'database-role',
  /** Size, time, locks, connections, temporary files and memory of the grading database are bounded. */
  'database-limits',
  /** Deep warm starts and templates only for what is byte for byte the starter's. */
  'warm-start-gate',
] as const;
export type JudgeLayer = (typeof JUDGE_LAYERS)[number];
export type Layer = SandboxLayer | JudgeLayer;

/** A theme of the matrix in docs/SECURITY.md. */
export interface AttackGroup {
  readonly title: string;
  readonly attacks: readonly Attack[];
}

/** What one try showed. */
export interface Observation {
  readonly breached: boolean;
  /** One line: what was seen, for the report. */
  readonly seen: string;
}

/**
 * One attack. It is tried as the product runs, where it must not breach, and once more without the layer that stops it, where it must:
 * an attack that cannot breach anything proves nothing.
 */
export interface Attack {
  /** Stable, kebab-case. */
  readonly id: string;
  readonly title: string;
  /** What would be a breach, in one sentence. */
  readonly breach: string;
  /** The layer that is taken away for the proof (several when only together they let it through). */
  readonly layers: readonly Layer[];
  /** What remains possible and why it is harmless; null when nothing does. */
  readonly residual: string | null;
  /** `each` driver, or `once` where no sandbox takes part (an archive that is never unpacked). */
  readonly runs: 'each' | 'once';
  /** Where a driver lacks the layer of the proof: the drivers that must show it, and why the others cannot. Absent: every driver must. */
  readonly proofOn?: { readonly drivers: readonly string[]; readonly why: string };
  /** Time limit of one attempt, in seconds; 90 when absent. An attempt that takes longer counts as a failure of the suite. */
  readonly seconds?: number;
  /**
   * Throws when the attempt could not be made, which is neither held nor breached but a failure of the suite.
   * @param without the layers to do without: none, or those of `layers`
   */
  readonly attempt: (stage: Stage, without: readonly Layer[]) => Promise<Observation>;
}
