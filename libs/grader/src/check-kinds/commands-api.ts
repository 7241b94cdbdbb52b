import type { FurtherSandbox, ProgramEnd } from './further-sandbox-api';

/** `context.commands`: management commands of the submission, each in a sandbox of its own. See docs/checks/commands.md. */
export interface CheckCommands {
  /**
   * Runs `python manage.py <name> <arguments>` with the project's environment, database and Redis. Left as evidence. A command that fails
   * does not fail the check by itself.
   */
  run(name: string, commandArguments?: readonly string[], options?: FurtherSandbox): Promise<CommandOutcome>;
}

/**
 * What a command did, in the submission's own words: exit code and output are claims, which any `manage.py` can make. Good as evidence
 * beside something that was measured (rows, answers); alone they are worth no point.
 */
export interface CommandOutcome {
  readonly end: ProgramEnd;
  /** Whether it claims to have succeeded: exit code 0. */
  readonly claimsSuccess: boolean;
  /** Stdout and stderr, beginning and end, at most 64 KiB. */
  readonly output: string;
}
