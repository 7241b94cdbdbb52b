import { plainNumber } from '../words';

/**
 * A cell: text, a number, or digits that already have the decimals they shall have (an amount of money); null is empty.
 * Text is for people and is made harmless; numbers and digits are written as they are.
 */
export type Cell = string | number | { readonly digits: string } | null;

const BYTE_ORDER_MARK = '\ufeff';
const LINE_END = '\r\n';

/**
 * A table as CSV by RFC 4180, beginning with a byte order mark, without which Excel takes UTF-8 for the code page of the country.
 * Text that a spreadsheet would calculate with is led by an apostrophe (OWASP, "CSV Injection"), also behind a semicolon, where
 * spreadsheets of half of Europe begin a new cell. Control characters become spaces.
 */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => row.map(cellText).join(',') + LINE_END).join('');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return plainNumber(cell);
  if (typeof cell === 'object') return cell.digits;
  const text = harmless(cell);
  return /[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Full-width forms too: some spreadsheets read them as the signs that they look like. */
const FORMULA_SIGN = /(^|;)(?=["' ]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

function harmless(text: string): string {
  const oneLine = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return oneLine.replace(FORMULA_SIGN, "$1'");
}
