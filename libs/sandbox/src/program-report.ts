import { StringDecoder } from 'node:string_decoder';
import type { LineLimits, StartedFrom } from './sandbox';
import { parseObject, type Report, startedFromOf } from './start-report';

/** Longer than our own line ever is, in bytes. */
const OUR_LINE = 1000;

/**
 * Reads descriptor 3 of a program: our harness's first line, written before any code of the submission runs, then the program's own
 * lines, which are handed on within their limits.
 */
export class ProgramReport implements Report {
  step: 'setup' | null = null;
  startedFrom: StartedFrom | null = null;
  readonly isServing = false;
  isOutOfCpuTime = false;
  readonly failure = null;
  hasDropped = false;
  /** Settles with our own first line. */
  readonly begun: Promise<void>;
  private settleBegun: () => void = () => undefined;
  private left: number;
  private rest = '';
  private restBytes = 0;
  private readonly decoder = new StringDecoder('utf8');

  constructor(
    private readonly limits: LineLimits,
    private readonly onLine: (line: string) => void,
  ) {
    this.left = limits.total;
    this.begun = new Promise((resolve) => {
      this.settleBegun = resolve;
    });
  }

  push(chunk: Buffer): void {
    for (let begin = 0; begin < chunk.length; ) {
      const end = chunk.indexOf(10, begin);
      this.take(chunk.subarray(begin, end < 0 ? chunk.length : end));
      if (end >= 0) this.endLine();
      begin = end < 0 ? chunk.length : end + 1;
    }
  }

  private take(part: Buffer): void {
    const longest = this.step === null ? OUR_LINE : this.limits.longest;
    const kept = part.subarray(0, longest - this.restBytes);
    if (kept.length < part.length) this.hasDropped = true;
    this.restBytes += kept.length;
    this.rest += this.decoder.write(kept);
  }

  private endLine(): void {
    const line = this.rest + this.decoder.end();
    const bytes = this.restBytes + 1;
    this.rest = '';
    this.restBytes = 0;
    if (this.step === null) this.begin(line);
    else if (bytes > this.left) {
      this.left = 0;
      this.hasDropped = true;
    } else {
      this.left -= bytes;
      this.onLine(line);
    }
  }

  private begin(line: string): void {
    const said = parseObject(line);
    if (said?.phase !== 'program') return;
    this.step = 'setup';
    this.startedFrom = startedFromOf(said);
    this.settleBegun();
  }
}
