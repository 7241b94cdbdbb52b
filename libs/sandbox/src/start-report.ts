import { StringDecoder } from 'node:string_decoder';
import { START_STEPS, STARTED_FROM, type StartedFrom, type StartResult, type StartStep } from './sandbox';

const MAX_BYTES = 128 * 1024;
type Failure = Extract<StartResult, { outcome: 'failed' }>;

/** What is read from descriptor 3 of a sandbox, which serves or runs a program. */
export interface Report {
  /** Null until our own code ran inside: up to then, whatever goes wrong is the sandbox's fault. */
  readonly step: StartStep | null;
  readonly startedFrom: StartedFrom | null;
  readonly isServing: boolean;
  readonly isOutOfCpuTime: boolean;
  readonly failure: Failure | null;
  push(chunk: Buffer): void;
}

/**
 * Reads what the harness says about the start. From the first line on, the submission's code may write here too, so every field is
 * checked and bounded and what is not understood is passed over.
 */
export class StartReport implements Report {
  step: StartStep | null = null;
  startedFrom: StartedFrom | null = null;
  isServing = false;
  isOutOfCpuTime = false;
  failure: Failure | null = null;
  private received = 0;
  private rest = '';
  private readonly decoder = new StringDecoder('utf8');

  push(chunk: Buffer): void {
    if (this.received >= MAX_BYTES) return;
    this.received += chunk.length;
    const lines = (this.rest + this.decoder.write(chunk)).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.read(line);
  }

  private read(line: string): void {
    const said = parseObject(line);
    if (!said || this.isServing || this.failure) {
      if (said?.phase === 'cpu') this.isOutOfCpuTime = true;
      return;
    }
    if (said.phase === 'serving' && this.step) this.isServing = true;
    else if (said.phase === 'cpu') this.isOutOfCpuTime = true;
    else if (said.phase === 'failed' && this.step) this.failure = failureOf(said, this.step);
    else this.step = START_STEPS.find((step) => step === said.phase) ?? this.step;
    this.startedFrom = startedFromOf(said) ?? this.startedFrom;
  }
}

function failureOf(said: Readonly<Record<string, unknown>>, step: StartStep): Failure {
  return {
    outcome: 'failed',
    step,
    error: textOf(said.error, 200),
    message: textOf(said.message, 2000),
    traceback: textOf(said.traceback, 8000),
    location: locationOf(said.location),
  };
}

function locationOf(value: unknown): Failure['location'] {
  if (typeof value !== 'object' || value === null) return null;
  const { file, line } = value as Record<string, unknown>;
  if (typeof file !== 'string' || file.length > 300 || file.startsWith('/') || file.split('/').includes('..')) return null;
  if (typeof line !== 'number' || !Number.isSafeInteger(line) || line < 1) return null;
  return { file: textOf(file, 300), line };
}

function textOf(value: unknown, limit: number): string {
  return typeof value === 'string' ? value.replace(/[^\P{Cc}\n\t]/gu, '').slice(0, limit) : '';
}

export function startedFromOf(said: Readonly<Record<string, unknown>>): StartedFrom | null {
  return STARTED_FROM.find((way) => way === said.startedFrom) ?? null;
}

/** A line of JSON with an object, else null. */
export function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
