import type { Attack, AttackGroup } from './attack';
import type { AttackReport, AttackResult } from './results';

const BEGIN = '<!-- Written by `npm run attacks -- --write`: do not edit by hand from here -->';
const END = '<!-- to here -->';

/** Puts the matrix of a full run in the place of the one before. @throws Error when the document has no place for it */
export function withMatrix(document: string, groups: readonly AttackGroup[], report: AttackReport, machine: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The document has no place for the matrix: ${BEGIN} ... ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${matrixOf(groups, report, machine)}\n${document.slice(end)}`;
}

/** Ids of the attacks that a document's matrix lists, in its order. */
export function attacksListedIn(document: string): string[] {
  const matrix = document.slice(document.indexOf(BEGIN), document.indexOf(END));
  return [...matrix.matchAll(/^\| `([a-z0-9-]+)` /gm)].map((match) => String(match[1]));
}

function matrixOf(groups: readonly AttackGroup[], report: AttackReport, machine: string): string {
  const { cases, drivers, breaches, proven } = report;
  return [
    `${cases} attacks on ${drivers.length} drivers: ${breaches} breaches, ${proven} proven. Run on ${machine}.`,
    '',
    ...groups.filter(({ attacks }) => attacks.length > 0).flatMap((group) => sectionOf(group, report)),
  ].join('\n');
}

function sectionOf({ title, attacks }: AttackGroup, { drivers, results }: AttackReport): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const head = ['Attack', 'What it tries', 'A breach would be', 'Proven without', ...drivers];
  return [
    `### ${title}`,
    '',
    row(head),
    row(head.map(() => '---')),
    ...attacks.map((attack) => {
      const { id, title: tries, breach, layers } = attack;
      return row([`\`${id}\``, tries, breach, layers.join(' + '), ...drivers.map((driver) => cellOf(attack, driver, results))]);
    }),
    '',
    ...notesOf(attacks),
  ];
}

function cellOf({ id, runs }: Attack, driver: string, results: readonly AttackResult[]): string {
  const result = results.find((one) => one.attack === id && (one.driver === driver || one.driver === null));
  if (!result) return 'not run';
  const held = { held: 'held', breached: '**BREACHED**', error: '**not tried**' }[result.guarded.outcome];
  const proven = result.proof
    ? { breached: 'proven', held: '**not proven**', error: '**not proven**' }[result.proof.outcome]
    : 'proven elsewhere';
  return runs === 'once' ? `${held}, ${proven} (no sandbox takes part)` : `${held}, ${proven}`;
}

function notesOf(attacks: readonly Attack[]): string[] {
  const notes = attacks.flatMap(({ id, residual, proofOn }) => [
    ...(residual ? [`- \`${id}\`, what remains: ${residual}`] : []),
    ...(proofOn ? [`- \`${id}\`, proven on ${proofOn.drivers.join(' and ')} only: ${proofOn.why}.`] : []),
  ]);
  return notes.length > 0 ? [...notes, ''] : [];
}
