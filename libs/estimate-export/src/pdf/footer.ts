import { formatNumber } from '@assay/cost-model/money';
import type { ExportedEstimate } from '../exported-estimate';
import { figure } from '../words';
import { GREY, LEADING, type Page, RULE } from './page';
import { MISSING } from './show-text';

const STYLE = { size: 5.4, color: GREY } as const;
const GAP = 5;

const LIMITS =
  'What this is not: an offer or a promise. A range says what the author of its assumptions believes, not what is true; inputs are varied as if they did ' +
  "not depend on each other; placeholders are nobody's measurement until you replace them with your own.";

/** What identifies and repeats the estimate, and what it does not say; the last line only where a name or reason needs it. */
export function footerLines(page: Page, { id, createdAt, assumptionSet, report }: ExportedEstimate, width: number): string[] {
  const { simulation, exchangeRate, currency } = report;
  const set = assumptionSet ? ` · assumptions "${assumptionSet.name}", version ${assumptionSet.version}` : '';
  const rate =
    currency === 'USD'
      ? 'Amounts are in US dollars, in which the model calculates.'
      : `Exchange rate: ${figure(exchangeRate.perDollar)} ${currency} per USD of ${exchangeRate.date}; source: ${exchangeRate.source}`;
  const lines = [
    `Estimate ${id} · made ${createdAt} · ${formatNumber(simulation.draws, 0)} draws, seed ${simulation.seed} · model version ${report.modelVersion}${set}`,
    ...page.wrap(rate, width, STYLE, 1),
    ...page.wrap(LIMITS, width, STYLE, 2),
  ];
  const shown = [...lines, ...report.assumptions.map(({ source, overrideReason }) => `${source} ${overrideReason ?? ''}`)];
  for (const text of shown) page.widthOf(text, STYLE);
  return page.hasMissing
    ? [...lines, `${MISSING} stands for a sign that the letters of this page do not have; the CSV of this estimate has it.`]
    : lines;
}

/** Height of the lines with the rule above them. */
export function footerHeight(lines: readonly string[]): number {
  return GAP + lines.length * STYLE.size * LEADING;
}

/** Draws the lines below a rule. */
export function drawFooter(page: Page, lines: readonly string[], x: number, y: number, width: number): void {
  page.pen
    .moveTo(x, y + 2)
    .lineTo(x + width, y + 2)
    .lineWidth(0.5)
    .strokeColor(RULE)
    .stroke();
  page.lines(lines, x, y + GAP, width, STYLE);
}
