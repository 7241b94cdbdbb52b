import type { Purpose } from './shell-commands';

/** What a CI service does with the project: a workflow of GitHub Actions, or the pipeline of GitLab. */
export interface Pipeline {
  readonly file: string;
  readonly kind: 'github' | 'gitlab';
  readonly problem: { readonly line: number; readonly message: string } | null;
  /** Events that start it, for example `push`, `pull_request`; for GitLab `push`. */
  readonly triggers: readonly string[];
  readonly jobs: readonly PipelineJob[];
}

export interface PipelineJob {
  readonly id: string;
  readonly line: number;
  /** Jobs that must have succeeded before it, directly: named ones, and those of earlier stages. */
  readonly needs: readonly string[];
  /** What it does whose failure fails the job. Steps that are switched off or whose failure is ignored do nothing. */
  readonly steps: readonly PipelineStep[];
  /** Only on some branch, tag, environment or by hand; null when it always runs. */
  readonly condition: string | null;
  /** Never runs. */
  readonly isOff: boolean;
  /** Its failure fails nothing. */
  readonly isIgnored: boolean;
  /** It may run tests in a way that nobody can tell from this file: a script, a task of another tool, another workflow. */
  readonly mayTest: boolean;
}

export interface PipelineStep {
  readonly purpose: Purpose;
  /** The command or action, cut to 200 characters. */
  readonly text: string;
  readonly line: number;
}
