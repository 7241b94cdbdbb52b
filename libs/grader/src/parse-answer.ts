import { ExpectationFailed, isServerError, NothingToJudge, quote } from './expectations';

/** A document of the web is nested a few levels; deeper ones are made to exhaust the stack of whoever walks through them. */
const MAX_DEPTH = 200;
/** The name that JavaScript calls for the text or number of an object. A value there that is no function ends whoever asks for one. */
const CALLED = 'toString';
/** Escaped it may be there, too. */
const MAY_BE_THERE = new RegExp(`${CALLED}|\\\\u`);

/**
 * An answer's body as JSON.
 *
 * @param what names the request
 * @param status of the answer: the page of a server error is nothing to judge
 * @throws ExpectationFailed when it is not JSON, absurdly nested, or made so that a check that reads it would crash
 */
export function parseAnswer(text: string, what: string, status = 200): unknown {
  if (isNestedDeeper(text, MAX_DEPTH))
    throw new ExpectationFailed(`${what}: the answer is nested deeper than ${MAX_DEPTH} levels`);
  try {
    return MAY_BE_THERE.test(text) ? JSON.parse(text, refuseCalled) : JSON.parse(text);
  } catch (error) {
    if (error instanceof ExpectationFailed) throw new ExpectationFailed(`${what}: ${error.message}`);
    if (isServerError(status)) throw new NothingToJudge(`${what}: expected JSON, got status ${status}`);
    throw new ExpectationFailed(`${what}: the answer is not JSON: ${quote(text)}`);
  }
}

function refuseCalled(key: string, value: unknown): unknown {
  if (key === CALLED) throw new ExpectationFailed(`the answer has a field named "${CALLED}"`);
  return value;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function isNestedDeeper(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) inString = !inString;
    else if (code === BACKSLASH && inString) index += 1;
    // Brackets and braces differ from their closing twins by two.
    else if (!inString && (code === 0x5b || code === 0x7b)) depth += 1;
    else if (!inString && (code === 0x5d || code === 0x7d)) depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}
