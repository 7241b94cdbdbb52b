/** What a client bound to the parameters of a statement, as it was sent. */
export interface BoundParameters {
  /** Type that the client named for each parameter, 0 where it left that to the server. */
  readonly types: readonly number[];
  /** Null is SQL's; a parameter in text format is a string, one in binary format a buffer. */
  readonly values: readonly (string | Buffer | null)[];
}

/** A statement that the server completed, with what is needed to ask for its plan. */
export interface CapturedStatement {
  readonly text: string;
  /** Null for a statement without parameters. */
  readonly bound: BoundParameters | null;
  /** Whether text and parameters are known to their end. */
  readonly isWhole: boolean;
}

/** Types of parameters after the name and text of a Parse message. Empty when they were cut off. */
export function parameterTypes(prefix: Buffer, start: number): number[] {
  if (prefix.length < start + 2) return [];
  const count = prefix.readInt16BE(start);
  if (count < 0 || prefix.length < start + 2 + 4 * count) return [];
  return Array.from({ length: count }, (_, index) => prefix.readUInt32BE(start + 2 + 4 * index));
}

/**
 * Parameters after the names in a Bind message, or null when they were cut off. Source: PostgreSQL manual, "Message Formats", Bind.
 */
export function boundValues(prefix: Buffer, start: number): (string | Buffer | null)[] | null {
  const reader = new Reader(prefix, start);
  const formats = reader.list(() => reader.int16());
  const values = reader.list(() => reader.value());
  if (reader.isCut) return null;
  const formatOf = (index: number): number => (formats.length === 1 ? formats[0] : formats[index]) ?? 0;
  return values.map((value, index) => (value === null || formatOf(index) === 1 ? value : value.toString('utf8')));
}

class Reader {
  isCut = false;

  constructor(
    private readonly bytes: Buffer,
    private place: number,
  ) {}

  list<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.int16(); left > 0 && !this.isCut; left -= 1) items.push(read());
    return items;
  }

  int16(): number {
    return this.take(2)?.readInt16BE(0) ?? 0;
  }

  value(): Buffer | null {
    const length = this.take(4)?.readInt32BE(0) ?? -1;
    return length < 0 ? null : this.take(length);
  }

  private take(length: number): Buffer | null {
    const piece = this.bytes.subarray(this.place, this.place + length);
    this.place += length;
    if (piece.length === length) return piece;
    this.isCut = true;
    return null;
  }
}
