import { decimalsOf } from '@assay/cost-model/currency';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { linesOf } from '../lines';
import { grouped, MODEL_NAMES } from '../words';
import { GREY, INK, type Page, RULE } from './page';

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
  for (const [index, { model }] of models.entries()) {
    const style = { size: 5.8, face: 'bold', align: 'right', shrink: true } as const;
    page.line(MODEL_NAMES[model], x + LABEL + index * column + 2, y, column - 2, style);
  }
  let at = y + ROW;
  rule(page, x, at - 0.8, width, INK);
  for (const { name, cells, isTotal } of tableRows(report)) {
    const face = isTotal ? 'bold' : 'regular';
    if (isTotal) rule(page, x, at - 0.4, width, RULE);
    page.line(name, x, at + 0.6, LABEL - 2, { size: 6.2, face, color: isTotal ? INK : GREY });
    for (const [index, cell] of cells.entries()) {
      page.line(cell, x + LABEL + index * column + 2, at + 0.6, column - 2, { size: 6.2, face, align: 'right', shrink: true });
    }
    at += ROW;
  }
  return at;
}

function tableRows(report: EstimateReport): TableRow[] {
  const { models, currency } = report;
  const places = decimalsOf(currency);
  const lines = models.map(({ breakdown }) => linesOf(breakdown));
  const named = (lines[0] ?? []).filter((_, index) => lines.some((of) => of[index]?.amount !== 0));
  return [
    ...named.map(({ name, line }): TableRow => {
      return { name, cells: lines.map((of) => grouped(of.find((each) => each.line === line)?.amount ?? 0, places)) };
    }),
    { name: `Total ${currency}`, cells: models.map(({ total }) => grouped(total, places)), isTotal: true },
    { name: 'Middle (P50)', cells: models.map(({ cost }) => grouped(cost.p50.value, places)) },
    { name: 'Months to start', cells: models.map(({ monthsToStart }) => grouped(monthsToStart, 1)) },
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
