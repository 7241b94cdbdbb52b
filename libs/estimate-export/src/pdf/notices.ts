import { LEADING, type Page, type TextStyle } from './page';

const INDENT = 7;

/**
 * A list of sentences in at most `most` lines; what does not fit is counted in the last of them, and is in the CSV. Returns the y below.
 */
export function drawNotices(
  page: Page,
  texts: readonly string[],
  x: number,
  y: number,
  width: number,
  most: number,
  style: TextStyle,
): number {
  const items = texts.map((text) => page.wrap(text, width - INDENT, style, 3));
  const count = (shown: number): number => items.slice(0, shown).reduce((sum, lines) => sum + lines.length, 0);
  let shown = items.length;
  while (shown > 0 && count(shown) + (shown < items.length ? 1 : 0) > most) shown -= 1;
  let at = y;
  for (const lines of items.slice(0, shown)) {
    page.pen.circle(x + 2.2, at + style.size * 0.62, 1).fill(style.color ?? '#1a1a1a');
    at = page.lines(lines, x + INDENT, at, width - INDENT, style);
  }
  if (shown === items.length) return at;
  page.line(moreText(items.length - shown), x + INDENT, at, width - INDENT, style);
  return at + style.size * LEADING;
}

/** Says that something was left out, and where it is. */
export function moreText(count: number): string {
  return `... and ${count} more, see the CSV of this estimate`;
}
