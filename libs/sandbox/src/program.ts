import type { ProgramReport } from './program-report';
import type { LineLimits, ProgramExit, ProgramSpec, RunningProgram, RunningSandbox, SandboxExit, StartResult } from './sandbox';

export const DEFAULT_LINE_LIMITS: LineLimits = { longest: 8 * 1024, total: 1024 * 1024 };

const LONGEST_ARGUMENTS = 100_000;
const MODULE = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
const ASSET = /^[a-z][a-z0-9_]*$/;

/** @throws TypeError that names the field */
export function checkProgram({ program, lines }: ProgramSpec): void {
  const isName = program.kind === 'module' ? MODULE.test(program.name) : ASSET.test(program.name);
  if (!isName) throw new TypeError(`program.name is not the name of a Python ${program.kind}: ${program.name}`);
  if (program.arguments.some((argument) => argument.includes('\0')))
    throw new TypeError('program.arguments has an argument with a zero byte');
  // The kernel bounds one argument to 128 KiB, and with bubblewrap all of them are part of one.
  if (JSON.stringify(program.arguments).length > LONGEST_ARGUMENTS)
    throw new TypeError(`program.arguments are longer than ${LONGEST_ARGUMENTS} characters`);
  for (const [name, value] of Object.entries(lines ?? {})) {
    if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`lines.${name} must be a whole number from 1 on`);
  }
}

/** A sandbox that runs a program, seen as that. */
export function asProgram(sandbox: RunningSandbox, report: ProgramReport): RunningProgram {
  return {
    httpSocket: sandbox.httpSocket,
    begun: Promise.race([report.begun, sandbox.exited]).then(() => undefined),
    exited: Promise.all([sandbox.started, sandbox.exited]).then(([start, exit]) => programExit(start, exit)),
    kill: () => sandbox.kill(),
    processIds: async () => (await sandbox.processIds?.()) ?? null,
    log: () => sandbox.log(),
    get hasDroppedLines() {
      return report.hasDropped;
    },
    get startedFrom() {
      return sandbox.startedFrom;
    },
  };
}

/** A program is a start that never comes to an end: what ended it tells the result of the start. */
function programExit(start: StartResult, exit: SandboxExit): ProgramExit {
  const { counters } = exit;
  if (start.outcome === 'timed_out') return { kind: 'timed_out', seconds: start.seconds, counters };
  if (start.outcome === 'infra_fault') return { kind: 'infra_fault', detail: start.detail, counters };
  return exit;
}
