import type { ProgramEnd } from './further-sandbox-api';

/** Types of `migrations`, for authors of checks. */

export interface CheckMigrations {
  /** A database of its own, empty, in which the submission's migrations can be run; at most four in a grade. */
  database(): Promise<MigrationDatabase>;
  /** What the models need and the migrations do not make, seen in the catalogues of two databases. */
  drift(): Promise<Drift>;
}

export interface MigrationDatabase {
  /**
   * Runs the submission's `migrate`: to the newest migrations, or to one of an application, also backward (`zero` takes all of them back).
   */
  migrate(app?: string, migration?: string): Promise<MigrationStep>;
  query(sql: string, parameters?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Runs a file of the pack's `data/` folder. */
  load(dataFile: string): Promise<void>;
  /**
   * What is in the database, one line for each table, column, default, constraint, index, view, function and trigger, sorted. Names of
   * constraints and indexes are left out, as is the order of columns.
   */
  catalogue(): Promise<readonly string[]>;
}

export interface MigrationStep {
  readonly end: ProgramEnd;
  /** Whether it ended with exit code 0: what the submission says. What it did stands in the other fields and in the catalogue. */
  readonly claimsSuccess: boolean;
  /** Migrations that the database then counts as applied and did not before, for example `shop.0002_price`; in their order. */
  readonly applied: readonly string[];
  /** Those that it no longer counts as applied. */
  readonly unapplied: readonly string[];
  /** Tables that were there before and are stored anew: every row was written again, and everybody waited. */
  readonly rewritten: readonly string[];
  /** Statements on tables that were there before and by which a running project is held up or broken. */
  readonly disturbances: readonly Disturbance[];
  /** Beginning and end of what the program printed. */
  readonly output: string;
}

export interface Disturbance {
  readonly table: string;
  /** For example `builds an index while writes wait`. */
  readonly why: string;
  /** The statement without its values. */
  readonly statement: string;
}

/** Lines as in `MigrationDatabase.catalogue`, without views, functions and triggers. */
export interface Drift {
  /** What the models need and the migrated database has not. */
  readonly missing: readonly string[];
  /** What the migrated database has and the models do not ask for. Plain SQL in a migration may be the reason. */
  readonly extra: readonly string[];
}
