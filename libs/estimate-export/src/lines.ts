/** Lines of a breakdown in the order in which people read them, with their names. */
const LINE_NAMES: Readonly<Record<string, string>> = {
  labour: 'Labour',
  management: 'Management',
  recruiting: 'Recruiting',
  vacancy: 'Empty seats',
  equipment: 'Equipment',
  bench: 'Bench afterwards',
  severance: 'Severance',
  rounding: 'Rounding',
};

export interface Line {
  readonly line: string;
  /** For people. */
  readonly name: string;
  readonly amount: number;
}

/** The lines of a breakdown in a fixed order, whatever order it was stored in; one that it does not know comes last. */
export function linesOf(breakdown: object): Line[] {
  const known = Object.keys(LINE_NAMES);
  const place = (line: string): number => (known.includes(line) ? known.indexOf(line) : known.length);
  return Object.entries(breakdown)
    .map(([line, amount]) => ({ line, name: LINE_NAMES[line] ?? line, amount: Number(amount) }))
    .sort((a, b) => place(a.line) - place(b.line) || (a.line < b.line ? -1 : 1));
}
