import { spawn } from 'node:child_process';

/** A program of ours could not be started, was killed from outside or fell silent: that says nothing about the files it was given. */
export class ToolFailed extends Error {
  override readonly name = 'ToolFailed';
}

export interface ToolRun {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** By which the program, or a limit on it, ended it. */
  readonly endedBy: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** There was more output than was asked for; the program was ended. */
  readonly isCut: boolean;
}

export interface ToolOptions {
  readonly input: string;
  readonly maxOutputBytes: number;
  /** Of wall time; limits on processor time belong to the program itself. */
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly signal: AbortSignal;
}

/** Signals that no program gives itself, and no limit that our programs run under. */
const FROM_OUTSIDE = new Set<NodeJS.Signals | null>(['SIGTERM', 'SIGINT', 'SIGHUP']);
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Runs a program of ours on text that a stranger wrote: arguments as a list, no shell, an empty environment. Rejects with
 * {@link ToolFailed}, or with the signal's reason when it was aborted.
 */
export function runTool(program: string, args: readonly string[], options: ToolOptions): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    if (options.signal.aborted) return reject(options.signal.reason);
    const child = spawn(program, args, {
      cwd: options.cwd ?? '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let failure: unknown = null;
    let isCut = false;
    const end = (reason: unknown): void => {
      failure ??= reason;
      child.kill('SIGKILL');
    };
    const abort = (): void => end(options.signal.reason);
    const clock = setTimeout(() => end(new ToolFailed(`${program} fell silent`)), options.timeoutMs);
    options.signal.addEventListener('abort', abort);
    const stdout = collect(child.stdout, options.maxOutputBytes, () => {
      isCut = true;
      child.kill('SIGKILL');
    });
    const stderr = collect(child.stderr, MAX_ERROR_BYTES, () => undefined);
    child.once('error', (error) => end(new ToolFailed(`${program} could not be started: ${error.message}`)));
    child.once('close', (code, endedBy) => {
      clearTimeout(clock);
      options.signal.removeEventListener('abort', abort);
      if (failure !== null) reject(failure);
      else if (FROM_OUTSIDE.has(endedBy)) reject(new ToolFailed(`${program} was ended by ${endedBy}`));
      else resolve({ code, endedBy, stdout: stdout(), stderr: stderr(), isCut });
    });
    // It may have ended without reading all of it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input);
  });
}

function collect(stream: NodeJS.ReadableStream, maxBytes: number, onExcess: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes + chunk.length > maxBytes) onExcess();
    else chunks.push(chunk);
    bytes += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
