/** Keeps the beginning and the end of a stream of any length in a fixed amount of memory: a traceback stands at the end. */
export class BoundedLog {
  private readonly headLimit: number;
  private readonly tailLimit: number;
  private readonly head: Buffer[] = [];
  private headBytes = 0;
  private tail: Buffer[] = [];
  private tailBytes = 0;
  private total = 0;

  /** @param limit bytes that are kept */
  constructor(limit: number) {
    this.headLimit = Math.floor(limit / 4);
    this.tailLimit = limit - this.headLimit;
  }

  get totalBytes(): number {
    return this.total;
  }

  push(chunk: Buffer): void {
    this.total += chunk.length;
    const toHead = chunk.subarray(0, this.headLimit - this.headBytes);
    // Copied: a part of a chunk would keep the whole chunk in memory.
    if (toHead.length > 0) this.head.push(Buffer.from(toHead));
    this.headBytes += toHead.length;
    const toTail = chunk.subarray(toHead.length).subarray(-this.tailLimit);
    if (toTail.length === 0) return;
    this.tail.push(Buffer.from(toTail));
    this.tailBytes += toTail.length;
    if (this.tailBytes > 2 * this.tailLimit) {
      const kept = Buffer.from(Buffer.concat(this.tail).subarray(-this.tailLimit));
      this.tail = [kept];
      this.tailBytes = kept.length;
    }
  }

  text(): string {
    const tail = Buffer.concat(this.tail).subarray(-this.tailLimit);
    const dropped = this.total - this.headBytes - tail.length;
    const gap = dropped > 0 ? `\n... ${dropped} bytes left out ...\n` : '';
    // NUL and other control characters cannot be stored or shown.
    return `${Buffer.concat(this.head)}${gap}${tail}`.replace(/[^\P{Cc}\n\t]/gu, '');
  }
}
