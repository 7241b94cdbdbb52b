/** Stands for a character that the font does not have. */
export const MISSING = '\u25a1';

const CLUSTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Text as it can be drawn in one line: what the font cannot show becomes {@link MISSING}, one for what a person sees as one character,
 * and so do controls, among them those that turn the direction of what follows.
 *
 * @param has whether the font has a glyph for a code point
 */
export function showText(text: string, has: (codePoint: number) => boolean): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  if (/^[ -~]*$/.test(plain)) return plain;
  let shown = '';
  for (const { segment } of CLUSTERS.segment(plain)) {
    shown += [...segment].every((sign) => isShowable(sign, has)) ? segment : MISSING;
  }
  return shown;
}

function isShowable(sign: string, has: (codePoint: number) => boolean): boolean {
  return !/[\p{C}\p{Zl}\p{Zp}]/u.test(sign) && has(sign.codePointAt(0) as number);
}

/** Letters of the scripts that are written from right to left. */
export const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Words as they stand on a line that is read from left to right: neighbours of right-to-left scripts change places. */
export function inVisualOrder(words: readonly string[]): string[] {
  const ordered: string[] = [];
  let run: string[] = [];
  for (const word of words) {
    if (RIGHT_TO_LEFT.test(word)) {
      run.unshift(word);
      continue;
    }
    ordered.push(...run, word);
    run = [];
  }
  return [...ordered, ...run];
}
