import { stat } from 'node:fs/promises';
import path from 'node:path';
import { httpSocketIn } from './bubblewrap/launch-plan';
import { checkProgram } from './program';
import type { ProgramSpec, SandboxBase, SandboxSpec } from './sandbox';

/** `sun_path` of a unix socket holds 108 bytes; the launcher binds under the name with `.new` first. */
const LONGEST_SOCKET_PATH = 103;
const LEAST_MEMORY_MIB = 128;
const MODULE = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

/** @throws TypeError that names the field and what to hand in instead */
export async function checkSpec(spec: SandboxSpec): Promise<void> {
  await checkBase(spec);
  if (!MODULE.test(spec.wsgi)) throw new TypeError(`wsgi is not the name of a Python module: ${spec.wsgi}`);
}

/** As {@link checkSpec}, for a program. */
export async function checkProgramSpec(spec: ProgramSpec): Promise<void> {
  await checkBase(spec);
  if (spec.trustedDir) await checkFolder('trustedDir', spec.trustedDir);
  checkProgram(spec);
}

async function checkBase(spec: SandboxBase): Promise<void> {
  await checkFolder('projectDir', spec.projectDir);
  await checkFolder('workDir', spec.workDir);
  if (spec.redisSocketDir !== null) await checkFolder('redisSocketDir', spec.redisSocketDir);
  if (spec.monitoringSocketDir) await checkFolder('monitoringSocketDir', spec.monitoringSocketDir);
  if (spec.databaseSocketDir !== null) await checkFolder('databaseSocketDir', spec.databaseSocketDir);
  const socket = httpSocketIn(spec.workDir);
  if (Buffer.byteLength(socket) > LONGEST_SOCKET_PATH)
    throw new TypeError(`workDir is too long for a unix socket: ${socket}. Choose a shorter path.`);
  if (!MODULE.test(spec.settings)) throw new TypeError(`settings is not the name of a Python module: ${spec.settings}`);
  for (const [name, value] of Object.entries(spec.environment)) {
    if (!/^[A-Za-z_]\w*$/.test(name) || value.includes('\0'))
      throw new TypeError(`environment has a variable that cannot be set: ${name}`);
  }
  for (const [name, value] of Object.entries(spec.limits)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new TypeError(`limits.${name} must be a whole number from 1 on, not ${value}`);
  }
  if (spec.limits.memoryMiB < LEAST_MEMORY_MIB)
    throw new TypeError(`limits.memoryMiB must be at least ${LEAST_MEMORY_MIB}: Python and Django need that much`);
}

async function checkFolder(field: string, folder: string): Promise<void> {
  if (!path.isAbsolute(folder)) throw new TypeError(`${field} must be an absolute path, not ${folder}`);
  const info = await stat(folder).catch(() => null);
  if (!info?.isDirectory()) throw new TypeError(`${field} is not a folder: ${folder}`);
}
