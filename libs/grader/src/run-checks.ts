import type { CheckResult, CheckStatus } from '@assay/contracts/grading-report';
import type { CheckDefinition } from '@assay/task-pack/task-definition';
import type { CheckFunction } from './check-api';
import { CheckContexts, type CheckSurroundings } from './check-context';
import { tidyUp } from './check-kinds/project-tools';
import { CheckRecord } from './check-record';
import { ExpectationFailed, NothingToJudge } from './expectations';
import { describeError, InfrastructureFault } from './faults';
import { withoutVolatileParts } from './recorded-text';
import { skippedCheck, unmetNeed } from './skipped-checks';

export interface CheckRunOptions extends CheckSurroundings {
  /** In the order in which they run (`inOrderOfNeeds`). */
  readonly definitions: readonly CheckDefinition[];
  readonly functions: ReadonlyMap<string, CheckFunction>;
  /** Aborted when the whole run must end: no further check is begun. */
  readonly signal: AbortSignal;
  /** Milliseconds on a clock that never goes back. */
  readonly clock: () => number;
  /** Told of each check before it begins (null: there is none left), with the number of those that are done. */
  readonly onCheck: (id: string | null, done: number) => void;
}

export interface CheckRun {
  readonly checks: CheckResult[];
  readonly checksMs: Record<string, number>;
  /** The check that was running when the run was ended, or null when all ran. */
  readonly endedIn: string | null;
}

/** Longest message for a reviewer, in characters. */
const MAX_MESSAGE = 1_000;
/** What a candidate reads of a check that erred, before what the pack says. */
const NO_USABLE_ANSWER = 'Your project gave no answer here, or a server error.';
/** Findings kept of one check. */
const MAX_FINDINGS = 20;

/**
 * Runs the hidden checks in their order and skips those that need one which did not pass. Throws {@link InfrastructureFault} when one
 * crashes or the database is lost.
 */
export async function runChecks(options: CheckRunOptions): Promise<CheckRun> {
  const checks: CheckResult[] = [];
  const checksMs: Record<string, number> = {};
  const contexts = new CheckContexts(options);
  await tidyUp(options.project);
  for (const definition of options.definitions) {
    if (options.signal.aborted) return { checks, checksMs, endedIn: definition.id };
    options.onCheck(definition.id, checks.length);
    const begin = options.clock();
    const unmet = unmetNeed(definition, checks);
    const result = unmet ? skippedCheck(definition, unmet) : await runCheck(definition, contexts, options);
    checksMs[definition.id] = Math.round(options.clock() - begin);
    if (options.signal.aborted) return { checks, checksMs, endedIn: definition.id };
    checks.push(result);
  }
  options.onCheck(null, checks.length);
  return { checks, checksMs, endedIn: null };
}

async function runCheck(definition: CheckDefinition, contexts: CheckContexts, options: CheckRunOptions): Promise<CheckResult> {
  const record = new CheckRecord();
  const check = options.functions.get(definition.id);
  if (!check) throw new InfrastructureFault('pack-broken', `the pack has no function for the check "${definition.id}"`);
  let status: CheckStatus = 'passed';
  let message = 'Every expectation held.';
  try {
    const work = check(contexts.create(record));
    await options.conversations.guard(Promise.resolve(work), () => waitsForNothing(definition.id));
  } catch (error) {
    if (error instanceof InfrastructureFault) throw error;
    if (!(error instanceof ExpectationFailed)) {
      throw new InfrastructureFault('check-crashed', `the check "${definition.id}" crashed: ${describeError(error)}`);
    }
    status = error instanceof NothingToJudge ? 'errored' : 'failed';
    message = error.message;
  } finally {
    record.isClosed = true;
    await options.companions.over(record);
    await options.conversations.ended();
    await tidyUp(options.project);
  }
  const { exchanges, records, measurements, locations } = record;
  const findings = options.findings
    .filter((finding) => locations.some(({ file, line }) => file === finding.file && line === finding.line))
    .slice(0, MAX_FINDINGS);
  const steady = withoutVolatileParts(message, options.http.now);
  return {
    id: definition.id,
    title: definition.title,
    criterion: definition.criterion,
    level: definition.level,
    points: definition.points,
    status,
    visibility: definition.visibility,
    messageForCandidate: messageForCandidate(definition, status),
    messageForReviewer: steady.length > MAX_MESSAGE ? `${steady.slice(0, MAX_MESSAGE)}...` : steady,
    evidence: { exchanges, records, measurements, findings, locations },
  };
}

function messageForCandidate(definition: CheckDefinition, status: CheckStatus): string {
  if (status === 'passed') return definition.passed;
  return status === 'errored' ? `${NO_USABLE_ANSWER} ${definition.failed}` : definition.failed;
}

function waitsForNothing(id: string): InfrastructureFault {
  return new InfrastructureFault('check-looped', `the check "${id}" waits for something that never comes, and asks nobody`);
}
