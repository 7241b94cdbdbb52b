import { createGrader, type Grader } from '@assay/grader/grader';
import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import { prepareRuntime } from '@assay/sandbox/runtime';
import { type SandboxDriver, SandboxUnavailable } from '@assay/sandbox/sandbox';
import type { FaultSurroundings } from './fault-report';

/** The grader of this process and what its reports say of its surroundings. */
export interface GradingEngine {
  readonly grader: Grader;
  readonly surroundings: FaultSurroundings;
}

/** Injection token of the {@link GradingEngine}. */
export const GRADING_ENGINE = Symbol('GRADING_ENGINE');

/**
 * Makes the grader ready. A machine that cannot sandbox takes no job at all: the jobs wait for one that can.
 *
 * @param workFolder for the files of running grades
 * @throws SandboxUnavailable naming the layer that is missing and the remedy; Error when the Python runtime cannot be had
 */
export async function openGradingEngine(
  assayHome: string,
  workFolder: string,
  onProgress: (line: string) => void,
): Promise<GradingEngine> {
  const sandbox = new BubblewrapDriver();
  await requireSandbox(sandbox);
  const runtime = await prepareRuntime({ home: assayHome, onProgress });
  return {
    grader: createGrader({ sandbox, runtime, workRoot: workFolder, onProgress }),
    surroundings: { runtimeLockHash: runtime.lockHash, python: runtime.pythonVersion, sandboxDriver: sandbox.name },
  };
}

async function requireSandbox(sandbox: SandboxDriver): Promise<void> {
  const missing = (await sandbox.probe()).find((layer) => layer.required && !layer.ok);
  if (missing) throw new SandboxUnavailable(missing);
}
