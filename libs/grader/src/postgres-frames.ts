/** One message of the PostgreSQL protocol: its type byte and the first bytes of its payload, or all of it. */
export type FrameHandler = (type: number, prefix: Buffer, isWhole: boolean) => void;

/** Bytes of a payload that are kept for the handler; the rest of a long message is skipped, never gathered. */
export const KEPT_BYTES = 8_192;
/** The server itself refuses longer ones. */
const MAX_PAYLOAD = 1 << 30;

/** The bytes are no PostgreSQL protocol. */
export class MalformedFrame extends Error {
  override readonly name = 'MalformedFrame';
}

/**
 * Cuts a byte stream into messages (type byte, length of itself and the payload as 32-bit integer, payload) and hands on each as it
 * ends. Memory is bounded whatever arrives. Source: PostgreSQL manual, "Frontend/Backend Protocol", message formats.
 */
export class FrameReader {
  private header = Buffer.alloc(5);
  private headerLength = 0;
  private prefix: Buffer[] = [];
  private prefixLength = 0;
  private remaining = 0;
  private length = 0;
  /** Bytes of a payload that the handler gets. */
  keptBytes = KEPT_BYTES;

  constructor(private readonly handle: FrameHandler) {}

  push(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.headerLength < 5) {
        const taken = chunk.copy(this.header, this.headerLength, offset, offset + 5 - this.headerLength);
        this.headerLength += taken;
        offset += taken;
        if (this.headerLength < 5) return;
        this.remaining = this.header.readInt32BE(1) - 4;
        this.length = this.remaining;
        if (this.remaining < 0 || this.remaining > MAX_PAYLOAD) throw new MalformedFrame('message with an impossible length');
      }
      const piece = chunk.subarray(offset, offset + this.remaining);
      this.keep(piece);
      offset += piece.length;
      this.remaining -= piece.length;
      if (this.remaining === 0) this.finish();
    }
  }

  private keep(piece: Buffer): void {
    const kept = piece.subarray(0, Math.max(0, this.keptBytes - this.prefixLength));
    if (kept.length === 0) return;
    this.prefix.push(Buffer.from(kept));
    this.prefixLength += kept.length;
  }

  private finish(): void {
    const prefix = this.prefix.length === 1 && this.prefix[0] ? this.prefix[0] : Buffer.concat(this.prefix);
    const type = this.header[0] ?? 0;
    const isWhole = this.prefixLength === this.length;
    this.headerLength = 0;
    this.prefix = [];
    this.prefixLength = 0;
    this.handle(type, prefix, isWhole);
  }
}

/** The text up to the next zero byte, and where the byte after it is. A text cut by the kept prefix ends with it. */
export function readText(prefix: Buffer, start: number): { text: string; next: number } {
  const end = prefix.indexOf(0, start);
  return end < 0
    ? { text: prefix.toString('utf8', start), next: prefix.length }
    : { text: prefix.toString('utf8', start, end), next: end + 1 };
}
