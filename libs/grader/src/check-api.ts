import type { Finding } from '@assay/contracts/grading-report';
import type { CheckBackgroundWorker } from './check-kinds/background-worker-api';
import type { CheckBoot } from './check-kinds/boot-api';
import type { CheckOrigins } from './check-kinds/browser-origins-api';
import type { CheckCaching } from './check-kinds/caching-api';
import type { CheckCommands } from './check-kinds/commands-api';
import type { CheckConnections } from './check-kinds/connections-api';
import type { CheckSettings } from './check-kinds/deploy-check-api';
import type { CheckDeployment } from './check-kinds/deployment-files-api';
import type { CheckGunicorn } from './check-kinds/gunicorn-api';
import type { CheckHttp } from './check-kinds/http-api';
import type { CheckMigrations } from './check-kinds/migrations-api';
import type { CheckMonitoring } from './check-kinds/monitoring-api';
import type { CheckPython } from './check-kinds/python-calls-api';
import type { CheckPlans } from './check-kinds/query-plans-api';
import type { CheckSlope } from './check-kinds/slope-api';
import type { CheckSource } from './check-kinds/source-api';
import type { CheckStaticFiles } from './check-kinds/static-files-api';
import type { CheckTokens } from './check-kinds/tokens-api';

export type { CheckHttp, HttpAnswer, RequestOptions } from './check-kinds/http-api';

/**
 * What a pack's hidden checks are written against. A file in `hidden-checks/` exports `checks`, an object from check id to
 * function; title, criterion, level, points, visibility and messages stand in the pack's `task.yaml` under the same id.
 * A check passes when its function returns, fails when an expectation does not hold, and any other exception is a fault of the pack.
 *
 *     import type { Checks } from '@assay/grader/check-api';
 *
 *     export const checks: Checks = {
 *       'b2-order-hidden-from-others': async ({ http, expect }) => {
 *         const answer = await http.get('/api/orders/1/', { as: 'bob' });
 *         expect.status(answer, 404, 'an order of another customer is not visible');
 *       },
 *     };
 */
export type Checks = Readonly<Record<string, CheckFunction>>;
export type CheckFunction = (context: CheckContext) => Promise<void>;

export interface CheckContext {
  /** HTTP to the candidate's running project. Every exchange is recorded as evidence of the running check. */
  readonly http: CheckHttp;
  readonly expect: Expectations;
  /**
   * The submission's own database, as the submission's own role. Rows are plain objects: `count(*)` and other integers are numbers,
   * `numeric` is text, times are text as the database writes them, JSON is parsed. A statement that the database refuses fails the check.
   */
  readonly database: CheckDatabase;
  /** Plans of the statements that a request sent: see `docs/checks/query-plans.md`. */
  readonly plans: CheckPlans;
  /** How statements grow with rows: see `docs/checks/slope.md`. */
  readonly slope: CheckSlope;
  /** Sessions with the database: see `docs/checks/connections.md`. */
  readonly connections: CheckConnections;
  /** The submission's migrations, run in databases of their own: see `docs/checks/migrations.md`. */
  readonly migrations: CheckMigrations;
  /** The submission's Redis: see `docs/checks/caching.md`. */
  readonly caching: CheckCaching;
  /** The submitted files, read without running anything. */
  readonly files: SubmittedFiles;
  /** Static findings (ruff) on the submission. */
  readonly findings: readonly Finding[];
  /** The submission's Python as data, the lines that the candidate wrote, and secrets in any file. */
  readonly source: CheckSource;
  /** Dockerfile and the other files that bring the project into production. */
  readonly deployment: CheckDeployment;
  /** Function calls with hidden inputs into the running project. */
  readonly python: CheckPython;
  /** What the project sends to monitoring. */
  readonly monitoring: CheckMonitoring;
  /** Tampered, expired and otherwise signed access tokens. */
  readonly tokens: CheckTokens;
  /** What pages of other origins may do. */
  readonly origins: CheckOrigins;
  /** Further sandboxes of the submission, each with its page in docs/checks; a check that uses none pays nothing for them. */
  readonly commands: CheckCommands;
  readonly settings: CheckSettings;
  readonly boot: CheckBoot;
  readonly staticFiles: CheckStaticFiles;
  readonly gunicorn: CheckGunicorn;
  readonly backgroundWorker: CheckBackgroundWorker;
  /** Records a named figure as evidence and returns it. */
  measure(name: string, value: number): number;
  /**
   * A value that several checks need and one run makes once: the first check that asks has it made, the others get the same one, which
   * none of them may change. `produce` works with a context of its own; all that is recorded in it (exchanges, figures, places) becomes
   * evidence of every check that uses the value. When an expectation fails in it, every check that uses it fails with that message.
   * A key means the same everywhere in a pack, and the value must not depend on what the asking check did before.
   *
   *     const firstPage = ({ shared }: CheckContext) =>
   *       shared('first-page', async ({ http, expect }) => {
   *         const answer = await http.get('/api/books/', { as: 'alice' });
   *         expect.status(answer, 200, 'alice lists the books');
   *         return { items: expect.array(answer.json(), 'books'), statements: answer.statementCount };
   *       });
   *
   *     export const checks: Checks = {
   *       'b1-books-are-listed': async (check) => {
   *         const { items } = await firstPage(check);
   *         check.expect.equal(items.length, 20, 'books on the first page');
   *       },
   *       'd1-list-is-one-statement': async (check) => {
   *         check.expect.equal((await firstPage(check)).statements, 1, 'statements of the first page');
   *       },
   *     };
   */
  shared<T>(key: string, produce: (context: CheckContext) => Promise<T>): Promise<T>;
}

export interface Expectations {
  /** Each `what` says, for a reviewer, what was expected. All fail the check by throwing. */
  ok(condition: boolean, what: string): void;
  equal(actual: unknown, expected: unknown, what: string): void;
  /** Deep, strict on types: `1` is not `"1"`, an array is not an object with a length. */
  same(actual: unknown, expected: unknown, what: string): void;
  status(answer: { readonly status: number }, expected: number | readonly number[], what: string): void;
  /** A JSON array (a real one), returned typed. */
  array(value: unknown, what: string): readonly unknown[];
  /** A JSON object (not an array, not null), returned typed. */
  object(value: unknown, what: string): Readonly<Record<string, unknown>>;
  /** Names the place in the submission that a failed or passed expectation is about. `line` counts from 1. */
  at(file: string, line?: number): void;
}

export interface CheckDatabase {
  query(sql: string, parameters?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Runs a file of the pack's `data/` folder, for example `fifty-books.sql`. */
  load(dataFile: string): Promise<void>;
}

export interface SubmittedFiles {
  /** Paths relative to the project, sorted, with `/`. */
  list(): readonly string[];
  /** UTF-8 text of at most 1 MiB, or null when there is no such regular file. */
  read(path: string): string | null;
}
