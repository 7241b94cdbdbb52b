/** Shorter parts of a value in base64 may stand somewhere by chance. */
const SHORTEST_PART = 8;

/** A text as it is and as it reads without the ways in which JSON and the web may write a part of it. */
export function readableForms(text: string): string {
  const plainer = unescaped(text);
  // In forms of the web a plus is a space.
  return [text, plainer, plainer.replaceAll('+', ' ')].join('\n');
}

/** Which of the values stand in a text, of which `readableForms` were made. Case does not matter. */
export function valuesIn(readable: string, values: readonly string[]): string[] {
  const lower = readable.toLowerCase();
  const forms = (value: string): string[] => [value, encodeURIComponent(value)].map((form) => form.toLowerCase());
  return values.filter((value) => forms(value).some((form) => lower.includes(form)) || isInBase64(readable, value));
}

/** What JSON may write in another way, or an address of the web. */
function unescaped(text: string): string {
  return text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\(["\\/])/g, '$1')
    .replace(/%([0-7][0-9a-fA-F])/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** At each of the three places where it may begin in a group, without the characters that depend on its neighbours. */
function isInBase64(text: string, value: string): boolean {
  const bytes = Buffer.from(value, 'utf8');
  return [0, 1, 2].some((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const begin = [0, 2, 3][offset] ?? 0;
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    const part = encoded.slice(begin, whole);
    return part.length >= SHORTEST_PART && (text.includes(part) || text.includes(part.replaceAll('+', '-').replaceAll('/', '_')));
  });
}
