import { createHash, type Hash } from 'node:crypto';
import type { ReceivedFile } from './orders';

/** Keeps what a program says, in the order in which it comes. */
export interface LineKeeper {
  push(line: string): void;
  readonly lines: readonly string[];
  readonly files: readonly ReceivedFile[];
}

export class PlainLines implements LineKeeper {
  readonly lines: string[] = [];
  readonly files: readonly ReceivedFile[] = [];

  push(line: string): void {
    this.lines.push(line);
  }
}

const MOST_FILES = 5_000;
const LONGEST_PATH = 300;

/**
 * Files that a program sends: a line `file <path in JSON>` each, then its bytes in base64, line by line, then `end`. Anything else that
 * is said is kept as a line. Bytes are hashed and not kept, and a file that does not end does not count.
 */
export class ReceivedFiles implements LineKeeper {
  readonly lines: string[] = [];
  readonly files: ReceivedFile[] = [];
  private open: { readonly path: string; readonly hash: Hash; bytes: number } | null = null;

  push(line: string): void {
    if (this.open === null) this.outside(line);
    else if (line === 'end') {
      const { path, hash, bytes } = this.open;
      this.open = null;
      if (this.files.length < MOST_FILES) this.files.push({ path, bytes, sha256: hash.digest('hex') });
    } else {
      const bytes = Buffer.from(line, 'base64');
      this.open.hash.update(bytes);
      this.open.bytes += bytes.length;
    }
  }

  private outside(line: string): void {
    const path = line.startsWith('file ') ? pathOf(line.slice('file '.length)) : null;
    if (path === null) this.lines.push(line);
    else this.open = { path, hash: createHash('sha256'), bytes: 0 };
  }
}

function pathOf(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' && value.length <= LONGEST_PATH ? value : null;
  } catch {
    return null;
  }
}
