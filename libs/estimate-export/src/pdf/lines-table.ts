import { decimalsOf } from '@assay/cost-model/currency';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { formatNumber, formatShare } from '@assay/cost-model/money';
import { linesOf } from '../lines';
import { MODEL_NAMES } from '../words';
import { GREY, INK, type Page, RULE, type TableCell, type TextStyle } from './page';

const ROW = 9.2;
const LABEL = 52;

interface TableRow {
  readonly name: string;
  readonly cells: readonly string[];
  readonly isTotal?: boolean;
}

/** Lines and totals of every model, in full; a line that costs nothing in any model is left out. Returns the y below. */
export function drawLinesTable(page: Page, report: EstimateReport, x: number, y: number, width: number): number {
  const { models } = report;
  const column = (width - LABEL) / Math.max(models.length, 1);
  const cellAt = (index: number, at: number, text: string, style: TextStyle): TableCell => ({
    isHead: index < 0 || at === y,
    draw: () => {
      if (index < 0) page.line(text, x, at, LABEL - 2, style);
      else page.line(text, x + LABEL + index * column + 2, at, column - 2, { ...style, align: 'right', shrink: true });
    },
  });
  const head = models.map(({ model }, index) => cellAt(index, y, MODEL_NAMES[model], { size: 5.8, face: 'bold' }));
  const rows = tableRows(report);
  const body = rows.map(({ name, cells, isTotal }, row) => {
    const [at, face] = [y + (row + 1) * ROW + 0.6, isTotal ? 'bold' : 'regular'] as const;
    const label = cellAt(-1, at, name, { size: 6.2, face, color: isTotal ? INK : GREY });
    return [label, ...cells.map((cell, index) => cellAt(index, at, cell, { size: 6.2, face }))];
  });
  page.table([[cellAt(-1, y, '', { size: 5.8 }), ...head], ...body]);
  rule(page, x, y + ROW - 0.8, width, INK);
  rule(page, x, y + (rows.findIndex(({ isTotal }) => isTotal) + 1) * ROW - 0.4, width, RULE);
  return y + (rows.length + 1) * ROW;
}

function tableRows(report: EstimateReport): TableRow[] {
  const { models, currency } = report;
  const places = decimalsOf(currency);
  const lines = models.map(({ breakdown }) => linesOf(breakdown));
  const named = (lines[0] ?? []).filter((_, index) => lines.some((of) => of[index]?.amount !== 0));
  return [
    ...named.map(({ name, line }): TableRow => {
      return { name, cells: lines.map((of) => formatNumber(of.find((each) => each.line === line)?.amount ?? 0, places)) };
    }),
    { name: `Total ${currency}`, cells: models.map(({ total }) => formatNumber(total, places)), isTotal: true },
    { name: 'Middle (P50)', cells: models.map(({ cost }) => formatNumber(cost.p50.value, places)) },
    { name: 'Chance of more', cells: models.map(({ abovePoint }) => formatShare(abovePoint)) },
    { name: 'Months to start', cells: models.map(({ monthsToStart }) => formatNumber(monthsToStart, 1)) },
  ];
}

function rule(page: Page, x: number, y: number, width: number, color: string): void {
  page.pen
    .moveTo(x, y)
    .lineTo(x + width, y)
    .lineWidth(0.5)
    .strokeColor(color)
    .stroke();
}
