import type { Expectations } from './check-api';

/** An expectation did not hold: the check failed. Everything else that a check throws is a fault of the pack or of the machine. */
export class ExpectationFailed extends Error {
  override readonly name: string = 'ExpectationFailed';
}

/**
 * The project gave nothing that could be judged: no answer, or an error of its own where an answer was expected. The check is `errored`,
 * which earns as little as `failed` and tells people to look for a crash instead of a wrong value.
 */
export class NothingToJudge extends ExpectationFailed {
  override readonly name = 'NothingToJudge';
}

/** Longest value quoted in a message, in characters. */
const MAX_QUOTE = 300;

/** @param at records the place that an expectation is about. */
export function createExpectations(at: (file: string, line: number | null) => void): Expectations {
  const fail = (what: string, detail: string): never => {
    throw new ExpectationFailed(`${what}: ${detail}`);
  };
  return {
    ok(condition, what) {
      if (!condition) throw new ExpectationFailed(what);
    },
    equal(actual, expected, what) {
      if (!Object.is(actual, expected)) fail(what, `expected ${quote(expected)}, got ${quote(actual)}`);
    },
    same(actual, expected, what) {
      if (!deeplySame(actual, expected)) fail(what, `expected ${quote(expected)}, got ${quote(actual)}`);
    },
    status(answer, expected, what) {
      const allowed = typeof expected === 'number' ? [expected] : expected;
      if (allowed.includes(answer.status)) return;
      const message = `${what}: expected status ${allowed.join(' or ')}, got ${answer.status}`;
      throw isServerError(answer.status) ? new NothingToJudge(message) : new ExpectationFailed(message);
    },
    array(value, what) {
      return Array.isArray(value) ? value : fail(what, `expected a JSON array, got ${quote(value)}`);
    },
    object(value, what) {
      return isPlainObject(value) ? value : fail(what, `expected a JSON object, got ${quote(value)}`);
    },
    at(file, line) {
      at(file, line ?? null);
    },
  };
}

/** Whether a status says that the project itself failed. */
export function isServerError(status: number): boolean {
  return status >= 500;
}

/** Deep equality of JSON values, strict on types; independent of the realm that made them. */
export function deeplySame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => deeplySame(item, b[index]));
  }
  if (isPlainObject(a) && isPlainObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && deeplySame(a[key], b[key]));
  }
  return Object.is(a, b);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as it stands in a message. */
export function quote(value: unknown): string {
  const text = value === undefined ? 'nothing' : asText(value);
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}...` : text;
}

function asText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A project answers what it likes: that must not look like a crash of the check.
    return 'a value that is nested too deeply to show';
  }
}
