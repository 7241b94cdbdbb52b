/** Bounds on one answer, interim answers and trailers included. */
const MAX_HEAD_BYTES = 32 * 1024;
const MAX_HEADERS = 100;
const MAX_BODY_BYTES = 1024 * 1024;
/** A chunk's length in hexadecimal, with extensions that nobody needs. */
const MAX_CHUNK_LINE = 256;

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t ]*([\t\x20-\x7e\x80-\xff]*)$/;
const CHUNK_LINE = /^([0-9a-fA-F]{1,7})[\t ]*(?:;[\t\x20-\x7e]*)?$/;
const BEGINNING = 'HTTP/1.';
const NOTHING: Buffer = Buffer.alloc(0);
const SWITCHING_PROTOCOLS = 101;
/** Answers that have no body whatever their headers say. */
const WITHOUT_BODY = new Set([204, 304]);

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; a header that came more than once is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What came is no answer that can be used; `message` says why, without anything that varies from run to run. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

type State = 'head' | 'body' | 'chunk-line' | 'chunk' | 'chunk-end' | 'trailers' | 'body-to-end' | 'complete';

/**
 * Reads one HTTP/1.1 answer of an untrusted server as its bytes come. Memory is bounded whatever comes, and what the standard (RFC 9112)
 * does not allow, or what can be read in two ways, is refused.
 */
export class AnswerReader {
  private state: State = 'head';
  /** Bytes that came and are not read yet. */
  private input = NOTHING;
  private readonly body = new BodyBuffer();
  private headBytes = 0;
  private status = 0;
  private headers: Record<string, string> = {};
  /** Bytes that are missing of the body or of a chunk. */
  private missing = 0;
  private isPersistent = false;
  private readonly steps: Readonly<Record<State, () => boolean>> = {
    head: () => this.readHead(),
    body: () => this.readCounted('complete'),
    'chunk-line': () => this.readChunkLine(),
    chunk: () => this.readCounted('chunk-end'),
    'chunk-end': () => this.readChunkEnd(),
    trailers: () => this.readTrailer(),
    'body-to-end': () => this.readToEnd(),
    complete: () => false,
  };

  /** @param isHead whether the request was HEAD, to which no body comes whatever is announced */
  constructor(private readonly isHead = false) {}

  /** Throws {@link MalformedAnswer}. */
  push(chunk: Buffer): void {
    this.input = this.input.length === 0 ? chunk : Buffer.concat([this.input, chunk]);
    while (this.steps[this.state]()) {
      // Each step reads what it can of the input.
    }
  }

  /** The server closed the connection: an answer may end that way. */
  end(): void {
    if (this.state === 'body-to-end') this.state = 'complete';
    this.isPersistent = false;
  }

  get isComplete(): boolean {
    return this.state === 'complete';
  }

  /** Whether another request may be sent on the same connection: not after bytes that belong to no answer. */
  get leavesConnectionOpen(): boolean {
    return this.isComplete && this.isPersistent && this.input.length === 0;
  }

  get answer(): RawAnswer {
    return { status: this.status, headers: this.headers, text: this.body.toString() };
  }

  private readHead(): boolean {
    const end = this.input.indexOf('\r\n\r\n');
    const head = this.input.toString('latin1', 0, end < 0 ? BEGINNING.length : end);
    if (!head.startsWith(BEGINNING.slice(0, head.length))) throw new MalformedAnswer('the answer is not HTTP/1.1');
    this.countHead(end < 0 ? this.input.length : end, end < 0);
    if (end < 0) return false;
    this.input = this.input.subarray(end + 4);
    const [statusLine = '', ...lines] = head.split('\r\n');
    const [, minor, status] = STATUS_LINE.exec(statusLine) ?? malformed('status line');
    this.status = Number(status);
    if (this.status === SWITCHING_PROTOCOLS) throw new MalformedAnswer('the server wanted to switch protocols');
    this.headers = parseHeaders(lines);
    // An interim answer: the real one follows.
    if (this.status < 200) return true;
    this.state = this.bodyState();
    const isClosed = /\bclose\b/i.test(this.headers.connection ?? '');
    this.isPersistent = minor === '1' && !isClosed && this.state !== 'body-to-end';
    return true;
  }

  private bodyState(): State {
    const { 'transfer-encoding': encoding, 'content-length': length } = this.headers;
    if (encoding !== undefined && (length !== undefined || encoding.toLowerCase() !== 'chunked')) malformed('body length');
    if (length !== undefined && !/^\d{1,15}$/.test(length)) malformed('body length');
    if (this.isHead || WITHOUT_BODY.has(this.status)) return 'complete';
    if (encoding !== undefined) return 'chunk-line';
    if (length === undefined) return 'body-to-end';
    this.missing = Number(length);
    this.body.makeRoom(this.missing);
    return this.missing === 0 ? 'complete' : 'body';
  }

  private readCounted(next: State): boolean {
    const piece = this.input.subarray(0, this.missing);
    this.body.add(piece);
    this.input = this.input.subarray(piece.length);
    this.missing -= piece.length;
    if (this.missing > 0) return false;
    this.state = next;
    return true;
  }

  private readToEnd(): boolean {
    this.body.add(this.input);
    this.input = NOTHING;
    return false;
  }

  private readChunkLine(): boolean {
    const line = this.takeLine(MAX_CHUNK_LINE);
    if (line === null) return false;
    const [, size = ''] = CHUNK_LINE.exec(line) ?? malformed('chunk');
    this.missing = Number.parseInt(size, 16);
    this.state = this.missing === 0 ? 'trailers' : 'chunk';
    return true;
  }

  private readChunkEnd(): boolean {
    const line = this.takeLine(0);
    if (line !== null) this.state = 'chunk-line';
    return line !== null;
  }

  /** Nothing in trailers counts. */
  private readTrailer(): boolean {
    const line = this.takeLine(MAX_HEAD_BYTES);
    if (line === null) return false;
    this.countHead(line.length, false);
    if (line === '') this.state = 'complete';
    else if (!HEADER_LINE.test(line)) malformed('trailer');
    return true;
  }

  /** A line without its end; null when it has not ended yet. */
  private takeLine(limit: number): string | null {
    const end = this.input.indexOf('\r\n');
    if ((end < 0 ? this.input.length - 1 : end) > limit) malformed('line');
    if (end < 0) return null;
    const line = this.input.toString('latin1', 0, end);
    this.input = this.input.subarray(end + 2);
    return line;
  }

  private countHead(bytes: number, isPart: boolean): void {
    if (this.headBytes + bytes > MAX_HEAD_BYTES)
      throw new MalformedAnswer(`the answer is not HTTP/1.1: its headers are too long`);
    // An empty line is work as well.
    if (!isPart) this.headBytes += bytes + 4;
  }
}

/** A body, which may come byte by byte. */
class BodyBuffer {
  private bytes = NOTHING;
  private length = 0;

  makeRoom(length: number): void {
    if (length > MAX_BODY_BYTES) throw new MalformedAnswer(`the answer's body is longer than ${MAX_BODY_BYTES} bytes`);
    if (length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(length, Math.min(2 * this.bytes.length, MAX_BODY_BYTES)));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  add(piece: Buffer): void {
    this.makeRoom(this.length + piece.length);
    piece.copy(this.bytes, this.length);
    this.length += piece.length;
  }

  toString(): string {
    return this.bytes.toString('utf8', 0, this.length);
  }
}

function parseHeaders(lines: readonly string[]): Record<string, string> {
  if (lines.length > MAX_HEADERS) malformed('number of headers');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, written = '', value = ''] = HEADER_LINE.exec(line) ?? malformed('header');
    const name = written.toLowerCase();
    const before = Object.hasOwn(headers, name) ? `${headers[name]}, ` : '';
    headers[name] = before + value.trimEnd();
  }
  return headers;
}

function malformed(what: string): never {
  throw new MalformedAnswer(`the answer is not HTTP/1.1 (${what})`);
}
