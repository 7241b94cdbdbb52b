import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import readline from 'node:readline';
import type { HostileProject } from '../hostile-project';
import type { Stage } from '../stage';

export interface HostProcess {
  readonly pid: number;
  /** What it printed first, parsed as JSON. */
  readonly said: unknown;
  isAlive(): boolean;
}

/**
 * Runs Python on the host, outside of every sandbox, until the attempt is over. It prints one line of JSON when it is ready and ends
 * when its standard input does, so that it can clear up what it made.
 */
export async function hostProcess(
  stage: Stage,
  python: string,
  options: { readonly environment?: Readonly<Record<string, string>>; readonly user?: number; readonly input?: string } = {},
): Promise<HostProcess> {
  const child = spawn(stage.runtime.basePython, ['-I', '-S', '-c', python], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...options.environment },
    cwd: '/',
    ...(options.user === undefined ? {} : { uid: options.user, gid: options.user }),
  });
  stage.defer(() => end(child));
  child.stdin.on('error', () => undefined);
  child.stdin.write(options.input ?? '');
  const failed = once(child, 'exit').then(() => {
    throw new Error('A process of the host, which the attack needs, ended before it was ready.');
  });
  failed.catch(() => undefined);
  const [line] = await Promise.race([once(readline.createInterface(child.stdout), 'line'), failed]);
  if (child.pid === undefined) throw new Error('A process of the host could not be started.');
  return { pid: child.pid, said: JSON.parse(String(line)), isAlive: () => child.exitCode === null && child.signalCode === null };
}

/** A process as those of a judge or of another candidate: of the very user that runs the submission, with a secret in its environment. */
export async function secretProcess(stage: Stage, project: HostileProject, secret: string): Promise<HostProcess> {
  const python = `import json, os, sys, time
held = os.environ["SECRET"] + " in memory"
print(json.dumps([id(held), sys.getsizeof(held)]), flush=True)
sys.stdin.read()`;
  return hostProcess(stage, python, { environment: { SECRET: secret }, user: await userOf(project) });
}

/** The host's user that runs the submission. */
export async function userOf(project: HostileProject): Promise<number> {
  const [first] = await project.processes();
  if (first === undefined) throw new Error('No process of the attacking project was found on the host.');
  return (await stat(`/proc/${first}`)).uid;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  // A canary may have been stopped or frozen by the attack.
  const late = setTimeout(() => child.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(late);
}
