import { quote } from '../expectations';
import type { DoubleAnswer, DoubleCall, PythonDouble, PythonInput, PythonObject, PythonValue } from './python-calls-api';

/** An object of ours in the project's process: what is done with it is asked here. */
export class Double implements PythonDouble {
  readonly calls: DoubleCall[] = [];

  constructor(
    readonly id: number,
    readonly name: string,
    readonly behaviours: Readonly<Record<string, (call: DoubleCall) => DoubleAnswer>>,
  ) {}
}

/** What is sent for something that the project's process keeps. */
export interface Kept {
  readonly objectId: number;
}

const RAISE = 'raise';
/** Half of what an answer may be nested. */
const MAX_DEPTH = 100;

export function raises(type: string, message?: string): DoubleAnswer {
  return { python: RAISE, value: exception(type, message) };
}

/** The exception to raise, or null. */
export function raisedBy(answer: DoubleAnswer): PythonInput | null {
  const isRaise = typeof answer === 'object' && answer !== null && 'python' in answer && answer.python === RAISE;
  return isRaise && 'value' in answer ? (answer.value as PythonInput) : null;
}

export function exception(type: string, message?: string): PythonValue {
  return { python: 'exception', value: { type, message: message ?? null } };
}

export function tagged(kind: string, value: PythonInput): PythonValue {
  return { python: kind, value: value as PythonValue };
}

export function floatOf(value: number): PythonValue {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e16) throw new TypeError(`${value} is no plain float`);
  return Number.isInteger(value) ? tagged('float', value.toFixed(1)) : value;
}

/** In one order, whatever the project's Python and this program would sort. */
export function setOf(items: readonly PythonValue[], kind = 'set'): PythonValue {
  const byText = items.map((item) => [JSON.stringify(item), item] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return tagged(
    kind,
    byText.map(([, item]) => item),
  );
}

/** A value as it is sent. Throws TypeError on what Python has nothing for: that is a fault of the pack. */
export function encodeInput(value: PythonInput, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new TypeError('a value for the project is nested too deeply');
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
      throw new TypeError(`the number ${value} cannot be sent as it is`);
    return value;
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} cannot be sent to the project`);
  if (value instanceof Double) {
    return { python: 'double', value: value.id, name: value.name, methods: Object.keys(value.behaviours) };
  }
  if (isKept(value)) return { python: 'object', value: value.objectId };
  if (Array.isArray(value)) return value.map((item: PythonInput) => encodeInput(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, PythonInput>>).map(([key, item]) => [key, encodeInput(item, depth + 1)]),
  );
}

/** A value as it stands in evidence. */
export function display(value: PythonInput): string {
  if (value instanceof Double) return `<${value.name}>`;
  return typeof value === 'object' && value !== null && isKept(value) ? '<kept>' : quote(encodeInput(value));
}

function isKept(value: object): value is PythonObject & Kept {
  return 'objectId' in value;
}

/**
 * A value that the project sent, as checks compare it.
 *
 * @param nameOf name of a double; null for one that there is not
 */
export function readValue(value: unknown, nameOf: (id: unknown) => string | null): PythonValue {
  if (Array.isArray(value)) return value.map((item) => readValue(item, nameOf));
  if (typeof value !== 'object' || value === null) return value as PythonValue;
  const read = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readValue(item, nameOf)]));
  if (read.python === 'double') return tagged('double', nameOf(read.value));
  if ((read.python === 'set' || read.python === 'frozenset') && Array.isArray(read.value)) return setOf(read.value, read.python);
  return read;
}
