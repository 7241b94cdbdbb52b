import type { AreaScore, CriterionScore, Scorecard } from './score-report';

/** No line is longer than this. */
export const SCORECARD_WIDTH = 100;

interface Column {
  readonly width: number;
  readonly align: 'left' | 'right';
}

const COLUMNS: readonly Column[] = [
  { width: 2, align: 'left' },
  { width: 46, align: 'left' },
  { width: 7, align: 'right' },
  { width: 9, align: 'right' },
  { width: 6, align: 'right' },
  { width: 25, align: 'left' },
];

/**
 * A scorecard as plain text for a terminal, at most 100 columns, ending in a line break.
 *
 * @param title first line, for example the candidate and the task; longer titles wrap
 */
export function formatScorecard(scorecard: Scorecard, title?: string): string {
  const rule = '-'.repeat(SCORECARD_WIDTH);
  const lines = [
    ...(title === undefined ? [] : wrap(title, SCORECARD_WIDTH)),
    `Composite: ${scoreOf100(scorecard.composite)}   (rubric version ${scorecard.rubricVersion})`,
    rule,
    ...row(['', 'criterion', 'level', 'points', 'score', 'what the level means']),
    rule,
    ...scorecard.areas.flatMap(areaLines),
    rule,
    'level = reached / highest that this task measures (3 is the top)',
  ];
  return `${lines.join('\n')}\n`;
}

function areaLines(area: AreaScore): string[] {
  const measured = area.criteria.filter((criterion) => criterion.measured);
  const missing = area.criteria.filter((criterion) => !criterion.measured);
  const heading = `${area.id}  ${area.name} (weight ${percent(area.weight)}): ${scoreOf100(area.score)}`;
  return [
    ...wrap(heading, SCORECARD_WIDTH),
    ...measured.flatMap(criterionLines),
    ...(measured.length > 0 && missing.length > 0
      ? hanging('   not measured: ', missing.map(({ id, name }) => `${id} ${name}`).join('; '))
      : []),
  ];
}

function criterionLines(criterion: CriterionScore): string[] {
  return row([
    criterion.id,
    criterion.name,
    `${criterion.level}/${criterion.measuredUpTo}`,
    `${criterion.points}/${criterion.maxPoints}`,
    scoreText(criterion.score),
    criterion.levelText ?? '',
  ]);
}

/** One table row; a cell that is too long continues on the next line. */
function row(cells: readonly string[]): string[] {
  const wrapped = COLUMNS.map((column, index) => wrap(cells[index] ?? '', column.width));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    COLUMNS.map(({ width, align }, index) => {
      const text = wrapped[index]?.[line] ?? '';
      return align === 'left' ? text.padEnd(width) : text.padStart(width);
    })
      .join(' ')
      .trimEnd(),
  );
}

function hanging(lead: string, text: string): string[] {
  return wrap(text, SCORECARD_WIDTH - lead.length).map((line, index) => (index === 0 ? lead : ' '.repeat(lead.length)) + line);
}

/** Breaks at spaces, and inside a word only when the word alone is too long. Always at least one line. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    let rest = word;
    for (; rest.length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width));
    line = rest;
  }
  lines.push(line);
  return lines;
}

function scoreOf100(score: number | null): string {
  return score === null ? scoreText(score) : `${scoreText(score)} of 100`;
}

function scoreText(score: number | null): string {
  return score === null ? 'not measured' : score.toFixed(1);
}

function percent(weight: number): string {
  return `${Number((weight * 100).toFixed(1))}%`;
}
