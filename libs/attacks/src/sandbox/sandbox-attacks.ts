import type { AttackGroup } from '../attack';
import { exhaustion } from './exhaustion';
import { hostFiles } from './host-files';
import { kernelCalls } from './kernel-calls';
import { leftBehind } from './left-behind';
import { network } from './network';
import { nextSubmission } from './next-submission';
import { otherProcesses } from './other-processes';
import { output } from './output';
import { privileges } from './privileges';
import { secrets } from './secrets';
import { sharedMemory } from './shared-memory';
import { writing } from './writing';

/** Attacks that try to leave the sandbox, to see through it, to outlast it or to use up the machine. */
export const SANDBOX_GROUPS: readonly AttackGroup[] = [
  hostFiles,
  writing,
  privileges,
  kernelCalls,
  otherProcesses,
  network,
  sharedMemory,
  secrets,
  exhaustion,
  output,
  leftBehind,
  nextSubmission,
];
