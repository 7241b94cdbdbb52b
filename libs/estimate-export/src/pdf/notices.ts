import { INK, LEADING, type Page, type TextStyle } from './page';

const INDENT = 7;
const MOST_LINES_OF_ONE = 3;
const STYLE: TextStyle = { size: 6.2 };
const ROW = STYLE.size * LEADING;

/** Sentences broken into lines, and how many of them had no room. */
export interface Notices {
  readonly items: readonly (readonly string[])[];
  readonly left: number;
  /** In points. */
  readonly height: number;
}

/** Lays out sentences in at most `most` lines; what does not fit is counted in the last of them, and is in the CSV. */
export function layOutNotices(page: Page, texts: readonly string[], width: number, most: number): Notices {
  const items = texts.map((text) => page.wrap(text, width - INDENT, STYLE, MOST_LINES_OF_ONE));
  const count = (shown: number): number => {
    const more = shown < items.length ? 1 : 0;
    return items.slice(0, shown).reduce((sum, lines) => sum + lines.length, more);
  };
  let shown = items.length;
  while (shown > 0 && count(shown) > most) shown -= 1;
  return { items: items.slice(0, shown), left: items.length - shown, height: count(shown) * ROW };
}

export function drawNotices(page: Page, { items, left }: Notices, x: number, y: number, width: number): void {
  let at = y;
  for (const lines of items) {
    page.pen.circle(x + 2.2, at + STYLE.size * 0.62, 1).fill(INK);
    at = page.lines(lines, x + INDENT, at, width - INDENT, STYLE);
  }
  if (left > 0) page.line(moreText(left), x + INDENT, at, width - INDENT, STYLE);
}

/** Says that something was left out, and where it is. */
export function moreText(count: number): string {
  return `... and ${count} more, see the CSV of this estimate`;
}
