import { type InputProblems, shown } from './input-error';

/** No control characters, no line breaks of Unicode, no half of a surrogate pair: what a database stores and a table prints. */
const ONE_LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;

/**
 * Reads one line of text, without the blanks around it; on a problem notes it and returns ''.
 *
 * @param longest in code points
 */
export function readPlainText(problems: InputProblems, path: string, value: unknown, longest: number): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (typeof value === 'string' && !ONE_LINE.test(value)) {
    problems.add(path, 'must be one line of text, without control characters or broken Unicode.');
  } else if (text === '' || [...text].length > longest) {
    problems.add(path, `must be 1 to ${longest} characters; got ${shown(value)}.`);
  }
  return text;
}
