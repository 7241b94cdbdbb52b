/** Marks that turn the direction of what follows: with them a text can show something else than it says. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** What XML 1.0 cannot hold at all, and halves of surrogate pairs, which no UTF-8 file can hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]|\p{Surrogate}/gu;

/**
 * A text from a report for a file that other programs read. What a project answered may stand in it, so control characters become U+FFFD,
 * marks of direction are written out, and it is cut at `most` characters.
 */
export function plainText(text: string, most: number): string {
  const cut = text.length > most ? `${text.slice(0, most)}...` : text;
  return cut
    .replace(DIRECTION_MARKS, (mark) => `<U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`)
    .replace(UNPRINTABLE, '\ufffd');
}

/** Longest title or name in a file, and longest text; in characters. */
export const MAX_NAME = 200;
export const MAX_TEXT = 8_000;

/** A value as a file of JSON, with every text in it as plain as {@link plainText} makes it. */
export function jsonFile(value: object): string {
  const plain = (_key: string, part: unknown): unknown => (typeof part === 'string' ? plainText(part, 2 * MAX_TEXT) : part);
  return `${JSON.stringify(value, plain, 2)}\n`;
}

/** A name of one line that is never empty. */
export function plainName(text: string): string {
  const name = plainText(text, MAX_NAME).replace(/\s+/g, ' ').trim();
  return name === '' ? '(unnamed)' : name;
}
