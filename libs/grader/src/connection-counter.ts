/** Sessions of a submission that were seen at the proxy between two moments. */
export interface ConnectionCount {
  /** Opened in that time. */
  readonly opened: number;
  /** Most that were open at once, those from before included. */
  readonly peak: number;
  /** Open at the end. */
  readonly left: number;
  /** Turned away for the limit. */
  readonly refused: number;
}

interface Count {
  opened: number;
  peak: number;
  refused: number;
  readonly limit: number | null;
}

/** Counts the connections that a submission opens. */
export class ConnectionCounter {
  private readonly open = new Set<object>();
  private current: Count | null = null;

  /** Begins to count, with a limit if there is to be one; what it returns ends it. */
  begin(limit: number | null): () => ConnectionCount {
    const count: Count = { opened: 0, peak: this.open.size, refused: 0, limit };
    this.current = count;
    return () => {
      if (this.current === count) this.current = null;
      const { opened, peak, refused } = count;
      return { opened, peak, left: this.open.size, refused };
    };
  }

  /** Whether a connection may be opened. */
  opens(connection: object): boolean {
    const { current } = this;
    if (current !== null && current.limit !== null && this.open.size >= current.limit) {
      current.refused += 1;
      return false;
    }
    this.open.add(connection);
    if (current !== null) {
      current.opened += 1;
      current.peak = Math.max(current.peak, this.open.size);
    }
    return true;
  }

  closes(connection: object): void {
    this.open.delete(connection);
  }
}
