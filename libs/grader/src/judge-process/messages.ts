import type { Finding } from '@assay/contracts/grading-report';
import type { CompiledCheckFile } from '@assay/task-pack/hidden-checks';
import type { CheckDefinition } from '@assay/task-pack/task-definition';
import type { SourceReading } from '../check-kinds/source-reading';
import type { CompanionAnswer, CompanionRequest } from '../companions/orders';
import type { ProcessorUse } from '../fair-timer';
import type { DatabaseAccess } from '../judged-database';
import type { CheckRun } from '../run-checks';

/** Exit code of a judge process after an error that nobody caught; it stands on its standard error. */
export const CRASHED = 70;

/** What a judge process gets to know of a grade. */
export interface GradeAccess extends DatabaseAccess {
  /** Where it takes what the project sends to monitoring; null for a pack without. */
  readonly monitoringSocket?: string | null;
  /** The project's `DJANGO_SECRET_KEY`. */
  readonly secretKey?: string;
}

/** What a judge process learns of a pack, once for each content. */
export interface JudgedPack {
  readonly contentHash: string;
  readonly slug: string;
  readonly definitions: readonly CheckDefinition[];
  readonly users: Readonly<Record<string, { readonly headers: Readonly<Record<string, string>> }>>;
  readonly checkFiles: readonly CompiledCheckFile[];
  /** Names of the data files with the seed rows. */
  readonly seed: readonly string[];
  /** Texts of the pack's `data/` folder by name. */
  readonly data: Readonly<Record<string, string>>;
}

/** How the project took its first request. */
export type FirstAnswer =
  | { readonly outcome: 'answered' }
  | { readonly outcome: 'seed-refused'; readonly message: string }
  /** @property isSilent whether nothing came at all in the time given. */
  | { readonly outcome: 'no-answer'; readonly message: string; readonly isSilent: boolean };

/** What the parent asks of a judge process, in this order for each grade. An answer is a fault or of this form. */
export interface Calls {
  /** The pack of the grades that follow. */
  readonly learn: { readonly request: JudgedPack; readonly answer: null };
  /** Opens proxy and session, before anything of the submission runs. */
  readonly open: { readonly request: GradeAccess; readonly answer: null };
  /** Runs the module bodies of the checks. */
  readonly read: { readonly request: null; readonly answer: null };
  /** Loads the seed rows when asked to, then asks the project for the first time. */
  readonly ask: {
    readonly request: { readonly httpSocket: string; readonly startSeconds: number; readonly seed: boolean };
    readonly answer: FirstAnswer;
  };
  readonly check: {
    readonly request: {
      readonly runSeconds: number;
      readonly requestSeconds: number;
      readonly findings: readonly Finding[];
      readonly source: SourceReading | null;
      readonly projectDir: string;
      readonly files: readonly string[];
      /** Path of the socket of the submission's Redis, when it has one. */
      readonly redisSocket?: string | null;
    };
    readonly answer: CheckRun;
  };
  /** Closes all that belongs to the grade. */
  readonly close: { readonly request: null; readonly answer: null };
}
export type CallName = keyof Calls;

/** What a judge process asks its parent. */
export interface Questions {
  /** Whether the database server is in order; asked when a statement failed. */
  readonly isServerWell: boolean;
  /** How the sandbox's processes used and waited for processors; null where nobody can tell. */
  readonly processorUse: ProcessorUse | null;
  /** A further sandbox of the submission is to be started, waited for or killed. */
  readonly companion: CompanionAnswer;
}
export type QuestionName = keyof Questions;
/** What comes with a question; nothing with one that is not named. */
export interface QuestionArguments {
  readonly companion: CompanionRequest;
}
export type ArgumentsOf<Name extends QuestionName> = Name extends keyof QuestionArguments
  ? [argument: QuestionArguments[Name]]
  : [];

export type ToJudge =
  | { readonly type: 'call'; readonly id: number; readonly name: CallName; readonly request: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  /** The project is gone, or the whole run is to end: what waits for an answer gets none, for this reason. */
  | { readonly type: 'end'; readonly what: 'project' | 'run'; readonly reason: string }
  | { readonly type: 'ping' };

export type FromJudge =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'fault'; readonly id: number; readonly code: string; readonly message: string }
  | { readonly type: 'question'; readonly id: number; readonly name: QuestionName; readonly argument: unknown }
  /** Code of the pack begins to run, for example `the check "b1-notes-are-listed"`; null: it ended. */
  | { readonly type: 'running'; readonly what: string | null; readonly done: number }
  | { readonly type: 'pong' };
