import type { Provenance, ProvenanceItem } from '../provenance';
import { moreText } from './notices';
import { GREY, INK, LEADING, type Page } from './page';

/** Size of the letters, and lines that a source may take: the first that has room for all is taken, the last if none has. */
const STEPS: readonly (readonly [number, number])[] = [
  [6.2, 3],
  [5.8, 3],
  [5.4, 2],
  [5, 2],
  [5, 1],
];
const GAP = 14;

/** The list as it fits a height: size of its letters, figures and sources that are shown, and how many figures had no room. */
export interface ProvenanceLayout {
  readonly size: number;
  readonly items: readonly ProvenanceItem[];
  readonly left: number;
  readonly sources: readonly (readonly string[])[];
}

/** Draws figures in two columns and their sources below. */
export function drawProvenance(
  page: Page,
  { size, items, left, sources }: ProvenanceLayout,
  x: number,
  y: number,
  width: number,
): void {
  const row = size * LEADING;
  const column = (width - GAP) / 2;
  const perColumn = Math.ceil(items.length / 2);
  for (const [index, item] of items.entries()) {
    const at = x + Math.floor(index / perColumn) * (column + GAP);
    drawItem(page, item, at, y + (index % perColumn) * row, column, size);
  }
  let at = y + perColumn * row + 2;
  if (left > 0) {
    page.line(moreText(left), x, at, width, { size, color: INK });
    at += row;
  }
  for (const lines of sources) at = page.lines(lines, x, at, width, { size, color: GREY });
}

function drawItem(
  page: Page,
  { name, amount, evidence, source }: ProvenanceItem,
  x: number,
  y: number,
  width: number,
  size: number,
): void {
  const [value, kind] = [width * 0.4, width * 0.19];
  page.line(name, x, y, width - value - kind - 4, { size });
  page.line(amount, x + width - value - kind, y, value - 4, { size, face: 'bold', shrink: true });
  page.line(`${evidence} [${source + 1}]`, x + width - kind, y, kind, { size, color: GREY });
}

/** Letters as large as the height allows; where the smallest are too large, what moves results least is counted only. */
export function fitProvenance(page: Page, { items, sources }: Provenance, width: number, height: number): ProvenanceLayout {
  for (const [size, most] of STEPS) {
    const wrapped = wrapSources(page, sources, width, size, most);
    if (heightOf(items.length, 0, wrapped, size) <= height) return { size, items, left: 0, sources: wrapped };
  }
  const [size, most] = STEPS.at(-1) as [number, number];
  const wrapped = wrapSources(page, sources, width, size, most);
  for (let count = items.length - 1; count > 0; count -= 1) {
    const shown = items.slice(0, count);
    // Sources are numbered in the order of the items.
    const used = wrapped.slice(0, Math.max(...shown.map(({ source }) => source)) + 1);
    if (heightOf(count, 1, used, size) <= height) return { size, items: shown, left: items.length - count, sources: used };
  }
  return { size, items: [], left: items.length, sources: [] };
}

function wrapSources(page: Page, sources: readonly string[], width: number, size: number, most: number): string[][] {
  return sources.map((source, index) => page.wrap(`[${index + 1}] ${source}`, width, { size }, most));
}

function heightOf(items: number, more: number, sources: readonly (readonly string[])[], size: number): number {
  const lines = Math.ceil(items / 2) + more + sources.reduce((sum, each) => sum + each.length, 0);
  return lines * size * LEADING + 2;
}
