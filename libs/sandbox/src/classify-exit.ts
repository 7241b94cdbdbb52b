import os from 'node:os';
import type { SandboxCounters, SubmissionExit } from './sandbox';

export interface ExitFacts {
  /** The harness ran, so the submission had its turn. */
  readonly hasRun: boolean;
  /** As bubblewrap reports it: 128 plus the number for a signal; null when bubblewrap could not report. */
  readonly exitCode: number | null;
  readonly saidOutOfCpuTime: boolean;
  readonly cpuSeconds: number;
  /** Memory that the sandbox was given, in bytes. */
  readonly memoryBytes: number;
  readonly counters: SandboxCounters;
  /** What launcher, bubblewrap or project printed. */
  readonly messages: string;
}

const SIGNALLED = 128;
const { SIGKILL, SIGSYS, SIGXCPU } = os.constants.signals;
/** When the kernel kills for a group's own limit, its use was this near to it: the last request did not fit. */
const MEMORY_STEP_BYTES = 16 * 1024 * 1024;

/**
 * Why a sandbox ended that the judge did not kill. Before the harness ran, and without a report of bubblewrap, it is never the
 * submission's fault; nor is SIGKILL, unless a limit of the sandbox explains it: no submission can send it to its first process, or end
 * with its number (see the system call filter). For the rest: a submission may choose its own exit code, so the kinds within `SubmissionExit` are advice for its author, not evidence.
 */
export function classifyExit(facts: ExitFacts): SubmissionExit | { readonly kind: 'infra_fault'; readonly detail: string } {
  const { exitCode, counters } = facts;
  if (!facts.hasRun)
    return {
      kind: 'infra_fault',
      detail: `The sandbox could not be made: ${facts.messages.trim().slice(-1000) || 'no message'}`,
    };
  const isKilledForMemory = counters.memoryKills !== null && counters.memoryKills > 0;
  const isOwnMemory =
    isKilledForMemory && (counters.peakMemoryBytes === null || counters.peakMemoryBytes > facts.memoryBytes - MEMORY_STEP_BYTES);
  // With cgroup v2 the kernel kills all of the group at once, bubblewrap included, which then reports nothing.
  if (exitCode === null && isOwnMemory) return { kind: 'limit', limit: 'memory' };
  if (isKilledForMemory && !isOwnMemory && (exitCode === null || exitCode === SIGNALLED + SIGKILL))
    return { kind: 'infra_fault', detail: 'The machine ran out of memory before the sandbox had used its own.' };
  if (exitCode === null)
    return { kind: 'infra_fault', detail: 'The process that watches over the sandbox was killed from outside.' };
  if (facts.saidOutOfCpuTime || exitCode === SIGNALLED + SIGXCPU) return { kind: 'limit', limit: 'cpu' };
  if (exitCode === SIGNALLED + SIGSYS) return { kind: 'limit', limit: 'system_calls' };
  if (exitCode === SIGNALLED + SIGKILL) {
    if (isOwnMemory) return { kind: 'limit', limit: 'memory' };
    if (counters.cpuMs !== null && counters.cpuMs >= facts.cpuSeconds * 1000) return { kind: 'limit', limit: 'cpu' };
    return { kind: 'infra_fault', detail: 'The project was killed from outside.' };
  }
  const signal = Object.entries(os.constants.signals).find(([, number]) => number === exitCode - SIGNALLED)?.[0];
  return signal ? { kind: 'signalled', signal } : { kind: 'exited', code: exitCode };
}
