import { createGrader, type Grader } from '@assay/grader/grader';
import { describeMachine, type Machine } from '@assay/grader/provenance';
import { chooseDriver, type DriverName } from '@assay/sandbox/choose-driver';
import { prepareRuntime } from '@assay/sandbox/runtime';

/** The grader of this process and what its reports say of its surroundings. */
export interface GradingEngine {
  readonly grader: Grader;
  readonly surroundings: Machine;
}

export interface GradingEngineOptions {
  readonly assayHome: string;
  /** Folder for the files of running grades. */
  readonly workFolder: string;
  /** Grades at a time. */
  readonly concurrency: number;
  /** Null takes the best driver that works here. */
  readonly sandboxDriver: DriverName | null;
  readonly onProgress: (line: string) => void;
}

/** Injection token of the {@link GradingEngine}. */
export const GRADING_ENGINE = Symbol('GRADING_ENGINE');

/**
 * Makes the grader ready. A machine that cannot sandbox takes no job at all: the jobs wait for one that can.
 *
 * @throws SandboxUnavailable naming the layer that is missing and the remedy; Error when the Python runtime cannot be had
 */
export async function openGradingEngine(options: GradingEngineOptions): Promise<GradingEngine> {
  const { assayHome, workFolder: workRoot, concurrency: atOnce, sandboxDriver, onProgress } = options;
  const runtime = await prepareRuntime({ home: assayHome, onProgress });
  const sandbox = await chooseDriver({ workRoot, runtime, atOnce, ...(sandboxDriver && { only: sandboxDriver }) });
  onProgress(`Sandbox driver: ${sandbox.name}`);
  return {
    grader: createGrader({ sandbox, runtime, workRoot, onProgress }),
    surroundings: await describeMachine(sandbox, runtime),
  };
}
