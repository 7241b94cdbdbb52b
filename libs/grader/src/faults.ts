import { types } from 'node:util';
import type { RunReason } from '@assay/contracts/grading-report';

/** Something of ours failed: sandbox, database, disk, linter, pack. Never the candidate's fault; the run is tried again. */
export class InfrastructureFault extends Error {
  override readonly name = 'InfrastructureFault';

  /** @param code stable, in kebab-case. */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The submission cannot be graded for a reason that lies in it; the candidate reads what was wrong and what to do. */
export class SubmissionFault extends Error {
  override readonly name = 'SubmissionFault';

  constructor(
    readonly outcome: 'ungradable' | 'timed_out',
    readonly reason: RunReason,
  ) {
    super(reason.messageForReviewer);
  }
}

/** The run was cancelled from outside. */
export class RunCancelled extends Error {
  override readonly name = 'RunCancelled';
}

/** Longest part of the project's own output in a reason, in characters: its end. */
const MAX_LOG = 4_000;

/** Text of a project without terminal commands and control characters, but for line ends and tabs. */
export function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}

/** The end of a project's output for people to read: control characters removed, bounded. */
export function logTail(output: string): string {
  const text = withoutControls(output);
  return text.length > MAX_LOG ? `...${text.slice(-MAX_LOG)}` : text;
}

/** An error, also one of another realm (hidden checks run in one), as text with its stack. */
export function describeError(error: unknown): string {
  return types.isNativeError(error) ? (error.stack ?? error.message) : String(error);
}
