import type { StartResult, SubmissionExit } from '@assay/sandbox/sandbox';
import type { DatabaseExcess } from './database-limits';
import { InfrastructureFault, logTail, SubmissionFault } from './faults';

/** What a failed start says beyond the result itself. */
export interface StartCircumstances {
  readonly log: string;
  readonly limits: { readonly startSeconds: number; readonly memoryMiB: number; readonly processes: number };
  /** Times that a new process was refused, null when nobody counted. */
  readonly processesRefused: number | null;
  readonly outputBytes: number;
  readonly databaseExcess: DatabaseExcess | null;
}

type Failure = Exclude<StartResult, { outcome: 'serving' }>;
type OwnFailure = Exclude<Failure, { outcome: 'infra_fault' }>;
type Raised = Extract<Failure, { outcome: 'failed' }>;
interface Explanation {
  readonly code: string;
  readonly candidate: string;
  readonly outcome?: 'timed_out';
}

const EXCESSES: Readonly<Record<DatabaseExcess, Explanation>> = {
  locks: {
    code: 'too-many-locks',
    candidate:
      'Your project held thousands of locks in its database while it started. Look for a migration or start-up code that takes locks without end.',
  },
  size: {
    code: 'database-too-large',
    candidate:
      'Your project filled its database beyond the limit of 512 MiB while it started. Look for a migration or start-up code that writes without end.',
  },
  'temporary-files': {
    code: 'too-much-temporary-data',
    candidate:
      'The statements of your project wrote more than 256 MiB of temporary data at once while it started. Look for a migration or start-up code that sorts or joins immense amounts of rows.',
  },
  memory: {
    code: 'too-much-database-memory',
    candidate:
      "The statements of your project used more than 512 MiB of the database server's memory while it started. Look for a migration or start-up code that collects immense amounts of data, or opens many sessions.",
  },
};

/** More printed output than this before the server is up is worth a word, in bytes. */
const LOUD_BYTES = 100 * 1024 * 1024;

/** Why a project that did not start cannot be graded, in words that its author can act on; ours to bear when it was not the project. */
export function startFailure(result: Failure, circumstances: StartCircumstances): SubmissionFault | InfrastructureFault {
  if (result.outcome === 'infra_fault') return new InfrastructureFault('sandbox-failed', result.detail);
  const explanation = explain(result, circumstances);
  if (explanation === null) return new InfrastructureFault('sandbox-killed', 'the sandbox was killed before the project served');
  const traceback = result.outcome === 'failed' ? result.traceback : '';
  return new SubmissionFault(explanation.outcome ?? 'ungradable', {
    code: explanation.code,
    messageForCandidate: explanation.candidate,
    messageForReviewer: reviewerText(result),
    log: logTail(withTraceback(circumstances.log, traceback)),
  });
}

function explain(result: OwnFailure, circumstances: StartCircumstances): Explanation | null {
  if (circumstances.databaseExcess) return EXCESSES[circumstances.databaseExcess];
  if (result.outcome === 'killed') return null;
  const { limits } = circumstances;
  if ((circumstances.processesRefused ?? 0) > 0 || (result.outcome === 'failed' && isRefusedProcess(result))) {
    return {
      code: 'too-many-processes',
      candidate: `Your project started more than the ${limits.processes} processes and threads that it may have. Start none while the project loads.`,
      ...(result.outcome === 'timed_out' ? { outcome: 'timed_out' as const } : {}),
    };
  }
  if (result.outcome === 'timed_out') {
    const loud = circumstances.outputBytes > LOUD_BYTES ? ' It printed without end meanwhile.' : '';
    return {
      code: 'start-timed-out',
      outcome: 'timed_out',
      candidate: `Your project was not ready after ${result.seconds} seconds; it was still at: ${STEP_NAMES[result.step]}.${loud} Look for endless loops, waits and network calls in code that runs while the project starts.`,
    };
  }
  if (result.outcome === 'died') return explainDeath(result.step, result.exit, limits.memoryMiB);
  if (result.error === 'MemoryError') return explainDeath(result.step, { kind: 'limit', limit: 'memory' }, limits.memoryMiB);
  return explainException(result);
}

/** Where nobody counts refused processes, Python says it: EAGAIN from fork, or the thread module's own words. */
function isRefusedProcess({ error, message }: Raised): boolean {
  return error === 'BlockingIOError' || (error === 'RuntimeError' && message.startsWith("can't start new thread"));
}

const STEP_NAMES = {
  setup: 'loading the settings and apps',
  migrate: 'running the migrations',
  wsgi: 'importing the WSGI module',
} as const;

function explainDeath(step: keyof typeof STEP_NAMES, exit: SubmissionExit, memoryMiB: number): Explanation {
  const when = STEP_NAMES[step];
  if (exit.kind === 'limit' && exit.limit === 'memory') {
    return {
      code: 'out-of-memory',
      candidate: `Your project used more than the ${memoryMiB} MiB of memory that it may have, while ${when}.`,
    };
  }
  if (exit.kind === 'limit' && exit.limit === 'cpu') {
    return {
      code: 'out-of-processor-time',
      candidate: `Your project used up its processor time while ${when}. Look for endless loops.`,
    };
  }
  if (exit.kind === 'limit') {
    return {
      code: 'forbidden-system-call',
      candidate: `Your project asked the operating system for something that the grader does not allow, while ${when}. Use nothing but Python, Django and the database.`,
    };
  }
  const how = exit.kind === 'exited' ? `exit code ${exit.code}` : `signal ${exit.signal}`;
  return {
    code: 'process-ended',
    candidate: `Your project ended by itself (${how}) while ${when}, before it answered anything. Nothing may call exit() while the project loads.`,
  };
}

function explainException(failure: Raised): Explanation {
  const place = failure.location ? ` (${failure.location.file}, line ${failure.location.line})` : '';
  const said = `${failure.error}: ${failure.message}`.slice(0, 500);
  const missing = /^No module named '([^']{1,100})'/.exec(failure.message)?.[1];
  if (/(^|\.)(ModuleNotFoundError|ImportError)$/.test(failure.error) && missing !== undefined) {
    return {
      code: 'missing-module',
      candidate: `Your project imports the module "${missing}", which is neither in your archive nor among the packages of this task${place}. Add the file, or do without the package: the list of packages is in the task's requirements.`,
    };
  }
  if (/(^|\.)(SyntaxError|IndentationError|TabError)$/.test(failure.error)) {
    return {
      code: 'syntax-error',
      candidate: `A Python file of your project has a syntax error${place}: ${said}. Start the project on your machine before you submit it.`,
    };
  }
  if (failure.step === 'migrate') {
    return {
      code: 'migrations-failed',
      candidate: `"python manage.py migrate" fails on an empty PostgreSQL database${place}: ${said}. Try it on a fresh database.`,
    };
  }
  if (/(^|\.)ImproperlyConfigured$/.test(failure.error)) {
    return {
      code: 'improperly-configured',
      candidate: `Django refuses your project's configuration${place}: ${said}. It must start with just the environment that the task names.`,
    };
  }
  const what = failure.step === 'wsgi' ? 'importing its WSGI module' : 'loading its settings and apps';
  return { code: 'start-failed', candidate: `Your project fails while ${what}${place}: ${said}.` };
}

function reviewerText(result: Failure): string {
  if (result.outcome === 'failed') return `${STEP_NAMES[result.step]} raised ${result.error}: ${result.message}`.slice(0, 1_000);
  if (result.outcome === 'timed_out') return `Not serving after ${result.seconds} seconds, at: ${STEP_NAMES[result.step]}.`;
  if (result.outcome === 'died') return `The process ended while ${STEP_NAMES[result.step]}: ${JSON.stringify(result.exit)}.`;
  return `The start ended as ${result.outcome}.`;
}

/** The project's output, with the traceback of its start when that has not arrived in it. */
function withTraceback(log: string, traceback: string): string {
  if (traceback.trim() === '' || log.includes(traceback.trim())) return log;
  return log.trim() === '' ? traceback : `${log}\n${traceback}`;
}
