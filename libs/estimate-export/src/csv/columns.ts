import type { Cell } from './csv-text';

/** Columns of the table, in their order. docs/ESTIMATE-EXPORTS.md says what each section puts into them. */
export const COLUMNS = [
  'section',
  'item',
  'model',
  'other_model',
  'month',
  'value',
  'low',
  'high',
  'unit',
  'evidence',
  'source',
  'date',
  'replaced_by',
  'reason',
  'note',
] as const;

/** What a row says; columns that are left out are empty. `section` and `item` together say what `value` is. */
export type Row = { readonly section: string; readonly item: string } & Readonly<Partial<Record<(typeof COLUMNS)[number], Cell>>>;
