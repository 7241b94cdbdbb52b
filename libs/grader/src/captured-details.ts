import { boundValues, type CapturedStatement, parameterTypes } from './bound-parameters';

/** Names that are remembered of one connection. */
const MAX_NAMES = 200;

interface Portal {
  readonly types: readonly number[];
  readonly values: readonly (string | Buffer | null)[] | null;
}

/** What a client sent along with the statements of one connection while they are captured. */
export class CapturedDetails {
  private readonly types = new Map<string, readonly number[]>();
  private readonly portals = new Map<string, Portal>();
  /** Texts that were not kept to their end, by their beginning. */
  private readonly cut = new Set<string>();

  asked(text: string, isWhole: boolean): void {
    if (!isWhole && this.cut.size < MAX_NAMES) this.cut.add(text);
  }

  parsed(name: string, prefix: Buffer, typesAt: number, isWhole: boolean): void {
    keep(this.types, name, isWhole ? parameterTypes(prefix, typesAt) : []);
  }

  bound(portal: string, statement: string, prefix: Buffer, valuesAt: number, isWhole: boolean): void {
    const values = isWhole ? boundValues(prefix, valuesAt) : null;
    keep(this.portals, portal, { types: this.types.get(statement) ?? [], values });
  }

  /** @param portal that the statement ran in, or null for a simple query */
  of(text: string, portal: string | null): CapturedStatement {
    if (portal === null) return { text, bound: null, isWhole: text !== '' && !this.cut.has(text) };
    const found = this.portals.get(portal);
    if (text === '' || !found?.values) return { text, bound: null, isWhole: false };
    const { types, values } = found;
    return { text, bound: values.length > 0 ? { types, values } : null, isWhole: true };
  }
}

function keep<T>(names: Map<string, T>, name: string, value: T): void {
  if (names.size >= MAX_NAMES && !names.has(name)) names.clear();
  names.set(name, value);
}
