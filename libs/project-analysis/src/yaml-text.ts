import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** Longest YAML file that is looked into, in characters, what may stand in it, and how often its aliases may be followed. */
const MAX_TEXT = 65_536;
const MAX_NODES = 5_000;
/** Anchors, tags and escapes: time grows with their square. */
const MAX_MARKS = 1_000;
/** Quotes, where they stand wrongly, as well. */
const MAX_QUOTES = 4_000;
const MAX_ALIASES = 100;

/** Pretty errors copy their line for each error: the text of a line of errors squared. */
const OPTIONS = { merge: true, logLevel: 'silent', uniqueKeys: false, prettyErrors: false } as const;

/** A YAML document as plain values, with the lines where they stand. */
export interface YamlText {
  /** Null when the text is no YAML, or is more than a person writes. */
  readonly value: unknown;
  readonly problem: { readonly line: number; readonly message: string } | null;
  /** The line of a value, or of the nearest one around it that stands in the text. Counts from 1. */
  lineOf(path: readonly (string | number)[]): number;
}

/** Reads one document; merge keys (`<<`) and GitLab's tags (`!reference`) are understood. Never throws. */
export function readYaml(text: string): YamlText {
  const nowhere = (line: number, message: string): YamlText => ({ value: null, problem: { line, message }, lineOf: () => line });
  if (text.length > MAX_TEXT) return nowhere(1, 'the file is too long');
  const count = (marks: RegExp): number => text.match(marks)?.length ?? 0;
  if (count(/[&!\\]/g) > MAX_MARKS || count(/["']/g) > MAX_QUOTES) return nowhere(1, 'there is more in it than a person writes');
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { ...OPTIONS, lineCounter: lines });
    const error = document.errors[0];
    if (error) return nowhere(lines.linePos(error.pos[0]).line || 1, error.message.split('\n')[0]?.slice(0, 200) ?? 'no YAML');
    if (nodesOf(document.contents) > MAX_NODES) return nowhere(1, 'there is more in it than a person writes');
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const root: unknown = document.contents;
    return { value, problem: null, lineOf: (path) => lineIn(root, path, lines) };
  } catch (error) {
    // Nested more deeply than the stack, or aliases that multiply.
    return nowhere(1, error instanceof RangeError ? 'it is nested too deeply' : 'its aliases multiply');
  }
}

/** Counts until there are too many. */
function nodesOf(root: unknown): number {
  let count = 0;
  const left: unknown[] = [root];
  for (let node = left.pop(); count <= MAX_NODES && (node !== undefined || left.length > 0); node = left.pop()) {
    count += 1;
    if (isMap(node)) for (const { value } of node.items) left.push(value);
    else if (isSeq(node)) for (const item of node.items) left.push(item);
  }
  return count;
}

function lineIn(root: unknown, path: readonly (string | number)[], lines: LineCounter): number {
  let node: unknown = root;
  let line = 1;
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step)) : undefined;
    const next: unknown = pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined;
    // The line of the key is where a reader looks for what it holds.
    const start = positionOf(pair?.key) ?? positionOf(next);
    if (next === undefined || start === null) return line;
    line = lines.linePos(start).line;
    node = next;
  }
  return line;
}

function positionOf(node: unknown): number | null {
  return isNode(node) && node.range ? node.range[0] : null;
}

/** Maps, lists and texts of values that a stranger wrote: what has another form counts as empty. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Numbers and booleans as they would be written; null for lists, maps and nothing. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
