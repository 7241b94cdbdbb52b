import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A table for a terminal: the first column is text, the others are figures. */
export function table(head, rows) {
  const Table = require('cli-table3');
  const printed = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) printed.push(row.map((cell) => cell ?? '-'));
  return printed.toString();
}

/** Milliseconds as a person reads them. */
export function milliseconds(value) {
  if (value === null || value === undefined) return '-';
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US');
}

/** Bytes in MiB. */
export function mebibytes(bytes) {
  return bytes === null ? '-' : (bytes / 1024 ** 2).toFixed(0);
}
