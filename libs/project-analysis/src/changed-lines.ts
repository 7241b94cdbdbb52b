import { differingLines } from './line-difference';
import type { ProjectFiles } from './project-files';

/** First and last line, both included, counted from 1. */
export type LineRange = readonly [first: number, last: number];

/** So many lines in a row that are found elsewhere in the starter were moved, not written. */
const MOVED_LINES = 3;
/** Shorter ones (`)`, `else:`, `return`) are alike by chance. */
const MIN_MOVED_CHARACTERS = 24;

/**
 * The lines of a submission that its author wrote: those that a line by line comparison with the starter's file of the same path does not
 * find there, less those that stand in a row elsewhere in the starter, whatever their indentation: moved code and renamed files are
 * nobody's work. Empty lines never count. Time grows with the length of the texts only.
 */
export class ChangedLines {
  private readonly moved: ReadonlySet<string>;

  constructor(private readonly starter: ProjectFiles) {
    this.moved = new Set(starter.list().flatMap((file) => rowsOf(linesOf(starter.read(file) ?? '')).map((row) => row.text)));
  }

  /** @param text of the file now */
  of(file: string, text: string): LineRange[] {
    const lines = linesOf(text);
    const before = this.starter.read(file);
    const changed = before === null ? lines.map(() => true) : differingLines(linesOf(before), lines);
    for (const { text: row, indexes } of rowsOf(lines)) {
      if (this.moved.has(row)) for (const index of indexes) changed[index] = false;
    }
    return rangesOf(lines.map((line, index) => changed[index] === true && line.trim() !== ''));
  }
}

/** Whether one of the lines from `first` to `last` is in the ranges. */
export function touches(ranges: readonly LineRange[], first: number, last = first): boolean {
  return ranges.some((range) => range[0] <= last && first <= range[1]);
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trimEnd());
}

/** Every run of non-empty lines of the length that counts as moved, without indentation. */
function rowsOf(lines: readonly string[]): { readonly text: string; readonly indexes: readonly number[] }[] {
  const filled = lines.map((line, index) => ({ line: line.trim(), index })).filter(({ line }) => line !== '');
  const rows: { text: string; indexes: number[] }[] = [];
  for (let at = 0; at + MOVED_LINES <= filled.length; at += 1) {
    const row = filled.slice(at, at + MOVED_LINES);
    const text = row.map(({ line }) => line).join('\n');
    if (text.length >= MIN_MOVED_CHARACTERS) rows.push({ text, indexes: row.map(({ index }) => index) });
  }
  return rows;
}

function rangesOf(changed: readonly boolean[]): LineRange[] {
  const ranges: [number, number][] = [];
  for (const [index, isChanged] of changed.entries()) {
    const last = ranges.at(-1);
    if (!isChanged) continue;
    if (last && last[1] === index) last[1] = index + 1;
    else ranges.push([index + 1, index + 1]);
  }
  return ranges;
}
