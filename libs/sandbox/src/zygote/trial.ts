import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryPlan } from '../bubblewrap/launch-plan';
import { USERS } from '../host-user';
import { ASSETS_IN_ROOT, hostRoot } from '../layers/root-plan';
import { ZYGOTE_LAUNCHER } from '../runtime-paths';
import { DEFAULT_LIMITS, type SandboxLayer } from '../sandbox';
import { ZygoteChannel } from './channel';
import { planZygote } from './zygote-plan';

const SECONDS = 20;

export interface Trial {
  /** What went wrong; null when it worked. */
  readonly failure: string | null;
  /** The kernel refuses user namespaces inside, besides the system call filter. */
  readonly isNestingClosed: boolean;
}

/**
 * Does everything that a start of a submission does, except Django, with the host's own Python and files.
 * @param python absolute path of a Python
 */
export async function tryZygote(python: string, without: ReadonlySet<SandboxLayer>): Promise<Trial> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-trial-'));
  try {
    for (const name of ['project', 'work']) await mkdir(path.join(folder, name));
    await chmod(path.join(folder, 'project'), 0o755);
    return await launch(python, folder, without);
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error), isNestingClosed: false };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function launch(python: string, folder: string, without: ReadonlySet<SandboxLayer>): Promise<Trial> {
  const plan = planZygote({ rootPython: python }, await hostRoot(), folder, without);
  const run = {
    workDir: 'work',
    folders: [{ source: 'project', target: '/app', links: false, writable: false }],
    temporary: temporaryPlan(DEFAULT_LIMITS, without, null),
    limits: {},
    processes: DEFAULT_LIMITS.processes,
    semaphores: null,
    user: process.getuid?.() === 0 ? USERS.first : null,
    environment: {},
  };
  const child = spawn(python, ['-I', '-S', ZYGOTE_LAUNCHER], { stdio: ['pipe', 'pipe', 'pipe'], env: {}, cwd: '/' });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-1000);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      said = error.message;
      resolve();
    });
  });
  // Without a descriptor left in this process there are not even pipes.
  if (child.pid === undefined) {
    await ended;
    return { failure: said, isNestingClosed: false };
  }
  const channel = new ZygoteChannel(child.stdin, child.stdout);
  const words = channel.next(({ ready }) => ready !== undefined);
  channel.send({
    ...plan,
    program: `${ASSETS_IN_ROOT}/zygote_trial.py`,
    socket: path.join(folder, 'zygote.sock'),
    cgroupFiles: [],
    zygote: { ...plan.zygote, run },
  });
  const answer = await Promise.race([words, wait(SECONDS * 1000, null, { ref: false })]);
  channel.close();
  await Promise.race([ended, wait(SECONDS * 1000, undefined, { ref: false })]);
  child.kill('SIGKILL');
  const failure = answer?.ready === true ? null : said.trim() || 'The trial said nothing.';
  return { failure, isNestingClosed: answer?.closed === true };
}
