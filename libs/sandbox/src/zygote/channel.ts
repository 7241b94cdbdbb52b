import type { Duplex, Readable, Writable } from 'node:stream';

/** What a zygote says (`assets/zygote.py`). It is trusted until its first fork ran and holds nothing that a submission can write to. */
export interface ZygoteWords {
  readonly ready?: boolean;
  /** Files below the starter that its settings were read from; with `ready` of a deep zygote. */
  readonly files?: readonly string[];
  /** Of a trial: the kernel refuses user namespaces inside, besides the system call filter. */
  readonly closed?: boolean;
  readonly forked?: number;
  readonly warming?: number;
  readonly ended?: number;
  /** With `ended`: it lived until it was killed as told. */
  readonly told?: boolean;
}

const LONGEST_LINE = 1024 * 1024;

/** Lines of JSON, to a zygote and back. */
export class ZygoteChannel {
  private rest = '';
  private readonly waiting: {
    readonly fits: (words: ZygoteWords) => boolean;
    readonly resolve: (words: ZygoteWords | null) => void;
  }[] = [];
  private isClosed = false;

  constructor(
    private readonly input: Writable | Duplex,
    output: Readable | Duplex,
  ) {
    input.on('error', () => undefined);
    output.on('error', () => undefined);
    output.on('data', (chunk: Buffer) => this.read(chunk.toString('utf8')));
    output.on('close', () => this.close());
  }

  get isOpen(): boolean {
    return !this.isClosed;
  }

  send(command: object): void {
    if (!this.isClosed) this.input.write(`${JSON.stringify(command)}\n`);
  }

  /** Resolves with the next words that fit, or null when the zygote is gone. */
  next(fits: (words: ZygoteWords) => boolean): Promise<ZygoteWords | null> {
    if (this.isClosed) return Promise.resolve(null);
    return new Promise((resolve) => this.waiting.push({ fits, resolve }));
  }

  /** The zygote ends when it reads the end. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.input.end();
    for (const { resolve } of this.waiting.splice(0)) resolve(null);
  }

  private read(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
    for (const line of lines) {
      const words: ZygoteWords = JSON.parse(line);
      const at = this.waiting.findIndex(({ fits }) => fits(words));
      if (at >= 0) this.waiting.splice(at, 1)[0]?.resolve(words);
    }
  }
}
