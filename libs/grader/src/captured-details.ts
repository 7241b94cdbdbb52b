import { boundValues, type CapturedStatement, parameterTypes } from './bound-parameters';

/** Names that are remembered of one connection, and bytes of all that was bound to them. */
const MAX_NAMES = 200;
const MAX_BYTES = 1024 * 1024;
/** Bytes of one message that are kept while statements are captured. */
export const CAPTURED_BYTES = 64 * 1024;

interface Portal {
  readonly types: readonly number[];
  readonly values: readonly (string | Buffer | null)[] | null;
}

/** What a client sent along with the statements of one connection while they are captured. */
export class CapturedDetails {
  private readonly types = new Map<string, readonly number[]>();
  private readonly portals = new Map<string, Portal>();
  private bytes = 0;

  parsed(name: string, prefix: Buffer, typesAt: number, isWhole: boolean): void {
    if (this.types.size >= MAX_NAMES) this.types.clear();
    this.types.set(name, isWhole ? parameterTypes(prefix, typesAt) : []);
  }

  bound(portal: string, statement: string, prefix: Buffer, valuesAt: number, isWhole: boolean): void {
    this.bytes += prefix.length;
    if (this.portals.size >= MAX_NAMES || this.bytes > MAX_BYTES) {
      this.portals.clear();
      this.bytes = prefix.length;
    }
    const values = isWhole ? boundValues(prefix, valuesAt) : null;
    this.portals.set(portal, { types: this.types.get(statement) ?? [], values });
  }

  /** @param portal that the statement ran in, or null for a simple query */
  of(text: string, portal: string | null): CapturedStatement {
    if (portal === null) return { text, bound: null, isWhole: text !== '' && Buffer.byteLength(text) < CAPTURED_BYTES };
    const found = this.portals.get(portal);
    if (text === '' || !found?.values) return { text, bound: null, isWhole: false };
    const { types, values } = found;
    return { text, bound: values.length > 0 ? { types, values } : null, isWhole: true };
  }
}
