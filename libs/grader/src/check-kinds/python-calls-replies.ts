import { parseAnswer } from '../parse-answer';
import type { RawAnswer } from '../unix-http';
import { NoAnswer } from '../unix-http';
import type { DoubleCall, PythonError, PythonValue } from './python-calls-api';
import { readValue } from './python-calls-values';

/** What the project's process says to a request of ours (`libs/sandbox/assets/assay_calls`). */
export type Reply =
  | { readonly kind: 'returned' | 'yielded' | 'ended'; readonly value: PythonValue }
  | { readonly kind: 'kept'; readonly object: number; readonly type: string }
  | { readonly kind: 'raised'; readonly error: PythonError }
  /** There is no such function. */
  | { readonly kind: 'missing'; readonly message: string }
  /** What came out is too large to be told. */
  | { readonly kind: 'unfit'; readonly message: string }
  /** In the middle of a call: what an object of ours shall do. */
  | { readonly kind: 'asks'; readonly double: number; readonly call: DoubleCall }
  | { readonly kind: 'done' };

const MALFORMED = 'the project answered a call with something else';

/** Throws {@link NoAnswer} or `ExpectationFailed` when it is none: the other side is the submission. */
export function readReply(answer: RawAnswer, nameOf: (id: unknown) => string | null): Reply {
  if (answer.status !== 200) throw new NoAnswer(MALFORMED);
  const words = parseAnswer(answer.text, 'the call');
  if (typeof words !== 'object' || words === null || Array.isArray(words)) throw new NoAnswer(MALFORMED);
  const reply = words as Readonly<Record<string, unknown>>;
  const value = (given: unknown): PythonValue => readValue(given, nameOf);
  switch (reply.kind) {
    case 'returned':
    case 'yielded':
    case 'ended':
      if (typeof reply.object === 'number') return { kind: 'kept', object: reply.object, type: text(reply.type) };
      if (!Object.hasOwn(reply, 'value')) throw new NoAnswer(MALFORMED);
      return { kind: reply.kind, value: value(reply.value) };
    case 'raised':
      return { kind: 'raised', error: errorOf(reply.error) };
    case 'missing':
    case 'unfit':
      return { kind: reply.kind, message: text(reply.message) };
    case 'asks': {
      if (typeof reply.double !== 'number' || nameOf(reply.double) === null) throw new NoAnswer(MALFORMED);
      const keywords = Object.entries(objectOf(reply.keywords)).map(([name, given]) => [name, value(given)]);
      const args = Array.isArray(reply.args) ? reply.args.map(value) : [];
      return {
        kind: 'asks',
        double: reply.double,
        call: { method: text(reply.method), args, keywords: Object.fromEntries(keywords) },
      };
    }
    case 'done':
      return { kind: 'done' };
    default:
      throw new NoAnswer(MALFORMED);
  }
}

function errorOf(given: unknown): PythonError {
  const error = objectOf(given);
  const kinds = Array.isArray(error.kinds) ? error.kinds.map(text) : [];
  const cause = error.cause === null ? null : text(error.cause);
  return { type: text(error.type), module: text(error.module), kinds, message: text(error.message), cause };
}

function objectOf(given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new NoAnswer(MALFORMED);
  return given as Readonly<Record<string, unknown>>;
}

function text(given: unknown): string {
  if (typeof given !== 'string') throw new NoAnswer(MALFORMED);
  return given;
}
