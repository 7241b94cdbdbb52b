import type { FurtherSandbox } from './further-sandbox-api';
import type { CheckHttp } from './http-api';

/** `context.boot`: the project started once more, with another environment. See docs/checks/boot.md. */
export interface CheckBoot {
  /**
   * Starts the project with exactly the environment of the pack, changed by the options, on the same database, and waits until it serves
   * or does not. It is stopped when the check is over.
   */
  start(options?: FurtherSandbox): Promise<BootedProject | FailedBoot>;
}

export interface BootedProject {
  readonly isServing: true;
  /** Speaks with this start of the project. Statements are counted as for `context.http`. */
  readonly http: CheckHttp;
  /**
   * Whether it answers like a project with `DEBUG` on: with Django's page for developers, where nothing is found or where the host is not
   * one of its own.
   */
  showsDebugPage(): Promise<boolean>;
  stop(): Promise<void>;
}

/** It did not serve, and this is what it says about why. */
export interface FailedBoot {
  readonly isServing: false;
  /** `failed`: an exception; `died`: its process ended; `timed_out`: not serving in time. */
  readonly outcome: 'failed' | 'died' | 'timed_out';
  readonly step: 'setup' | 'migrate' | 'wsgi';
  /** Class of the exception, else null. */
  readonly error: string | null;
  readonly message: string;
}
