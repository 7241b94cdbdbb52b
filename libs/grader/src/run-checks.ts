import type { CheckResult, CheckStatus, Exchange, Finding } from '@assay/contracts/grading-report';
import type { HiddenCheck } from '@assay/task-pack/hidden-checks';
import type { CheckDefinition } from '@assay/task-pack/task-definition';
import type { CheckDatabase, CheckFunction, SubmittedFiles } from './check-api';
import { type CheckHttpOptions, createCheckHttp } from './check-http';
import { createExpectations, ExpectationFailed } from './expectations';
import { InfrastructureFault } from './faults';
import { withoutVolatileParts } from './recorded-text';

export interface CheckRunOptions {
  readonly definitions: readonly CheckDefinition[];
  readonly functions: ReadonlyMap<string, HiddenCheck>;
  readonly http: CheckHttpOptions;
  readonly database: CheckDatabase;
  readonly files: SubmittedFiles;
  readonly findings: readonly Finding[];
  /** Aborted when the whole run must end: no further check is begun. */
  readonly signal: AbortSignal;
  /** Milliseconds on a clock that never goes back. */
  readonly clock: () => number;
  /** Called after each check with the number of those that are done. */
  readonly onCheckDone: (done: number) => void;
}

export interface CheckRun {
  readonly checks: CheckResult[];
  readonly checksMs: Record<string, number>;
  /** The check that was running when the run was ended, or null when all ran. */
  readonly endedIn: string | null;
}

/** Longest message for a reviewer, in characters. */
const MAX_MESSAGE = 1_000;
const MAX_LOCATIONS = 20;

/** Runs the hidden checks in the order of `task.yaml`. Throws {@link InfrastructureFault} when one crashes or the database is lost. */
export async function runChecks(options: CheckRunOptions): Promise<CheckRun> {
  const checks: CheckResult[] = [];
  const checksMs: Record<string, number> = {};
  for (const definition of options.definitions) {
    if (options.signal.aborted) return { checks, checksMs, endedIn: definition.id };
    const begin = options.clock();
    const result = await runCheck(definition, options);
    checksMs[definition.id] = Math.round(options.clock() - begin);
    if (options.signal.aborted) return { checks, checksMs, endedIn: definition.id };
    checks.push(result);
    options.onCheckDone(checks.length);
  }
  return { checks, checksMs, endedIn: null };
}

async function runCheck(definition: CheckDefinition, options: CheckRunOptions): Promise<CheckResult> {
  const exchanges: Exchange[] = [];
  const measurements: Record<string, number> = {};
  const findings: Finding[] = [];
  const locations: { file: string; line: number | null }[] = [];
  const check = options.functions.get(definition.id) as CheckFunction | undefined;
  if (!check) throw new InfrastructureFault('pack-broken', `the pack has no function for the check "${definition.id}"`);
  let status: CheckStatus = 'passed';
  let message = 'Every expectation held.';
  try {
    await check({
      http: createCheckHttp(options.http, exchanges),
      database: options.database,
      files: options.files,
      findings: options.findings,
      expect: createExpectations((file, line) => {
        if (locations.length < MAX_LOCATIONS) locations.push({ file, line });
      }),
      measure: (name, value) => {
        if (!Number.isFinite(value)) throw new ExpectationFailed(`"${name}" is ${value}, which is no figure`);
        measurements[name] = value;
        return value;
      },
    });
  } catch (error) {
    if (error instanceof InfrastructureFault) throw error;
    if (!(error instanceof ExpectationFailed)) {
      throw new InfrastructureFault('check-crashed', `the check "${definition.id}" crashed: ${describe(error)}`);
    }
    status = 'failed';
    message = error.message;
  }
  for (const finding of options.findings) {
    if (findings.length >= MAX_LOCATIONS) break;
    if (locations.some((place) => place.file === finding.file && place.line === finding.line)) findings.push(finding);
  }
  const steady = withoutVolatileParts(message, options.http.now);
  return {
    id: definition.id,
    title: definition.title,
    criterion: definition.criterion,
    level: definition.level,
    points: definition.points,
    status,
    visibility: definition.visibility,
    messageForCandidate: status === 'passed' ? definition.passed : definition.failed,
    messageForReviewer: steady.length > MAX_MESSAGE ? `${steady.slice(0, MAX_MESSAGE)}...` : steady,
    evidence: { exchanges, measurements, findings, locations },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
