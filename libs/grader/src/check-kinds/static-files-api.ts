import type { FurtherSandbox, ProgramEnd } from './further-sandbox-api';

/** `context.staticFiles`: what `collectstatic` really leaves. See docs/checks/static-files.md. */
export interface CheckStaticFiles {
  /**
   * Runs `collectstatic` in a sandbox of its own, with `STATIC_ROOT` in its `/tmp` when the project has one, and takes the bytes of
   * everything that is then there. A project without `STATIC_ROOT` fails in its own words.
   */
  collect(options?: FurtherSandbox): Promise<CollectedFiles>;
}

export interface CollectedFiles {
  readonly end: ProgramEnd;
  readonly output: string;
  /** Sorted by path. Size and hash were computed by the judge from the bytes. */
  readonly files: readonly CollectedFile[];
  /** The file at this path below `STATIC_ROOT`, or null. */
  file(path: string): CollectedFile | null;
  /**
   * The static files of the installed libraries (Django's admin at `admin/`, Django REST framework at `rest_framework/`), against their
   * own bytes: which of them were collected unchanged.
   */
  library(prefix: string): Promise<LibraryFiles>;
}

export interface CollectedFile {
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

export interface LibraryFiles {
  readonly expected: number;
  readonly same: number;
  /** Paths that are not there, or there with other bytes; sorted. */
  readonly missing: readonly string[];
}
