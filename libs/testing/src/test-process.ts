import { type ChildProcess, spawn } from 'node:child_process';
import { waitFor } from './wait-for';

export interface TestProcessOptions {
  /** Compiled entry point, absolute; run by this Node. */
  readonly entry: string;
  readonly args?: readonly string[];
  /** The whole environment but for PATH and HOME: a spec says what its program needs. */
  readonly environment: Readonly<Record<string, string>>;
  /** When it is ready: its output matches, or this URL answers with a status below 400. */
  readonly readyWhen: { readonly output: RegExp } | { readonly url: string };
  readonly timeoutMs?: number;
}

export interface TestProcess {
  readonly pid: number;
  /** All it has printed so far, stdout and stderr. */
  output(): string;
  /** SIGKILL, as a machine that loses power would; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code, null when a signal ended it. */
  stop(): Promise<number | null>;
}

/**
 * Starts a program of ours as an operator would and resolves when it is ready.
 *
 * @throws with its output when it ends first or is not ready in time
 */
export async function startProcess(options: TestProcessOptions): Promise<TestProcess> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [options.entry, ...(options.args ?? [])], {
    env: { PATH, HOME, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  try {
    await waitFor(() => hasEnded(child) || isReady(options.readyWhen, output), {
      timeoutMs: options.timeoutMs ?? 60_000,
      what: options.entry,
    });
    if (hasEnded(child)) throw new Error(`it ended with code ${child.exitCode}`);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n--- output of ${options.entry}\n${output}`);
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function isReady(when: TestProcessOptions['readyWhen'], output: string): Promise<boolean> {
  if ('output' in when) return when.output.test(output);
  const answer = await fetch(when.url, { signal: AbortSignal.timeout(2000) });
  return answer.ok;
}
