import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { MODEL_NAMES } from '../words';
import { MODEL_LOOKS } from './model-looks';
import { GREY, INK, type Page } from './page';
import { linearScale, shortLabels } from './scale';

const SMALL = { size: 5.8, color: GREY } as const;
const LEFT = 30;

/** What is spent by the end of each month, summed, one line for each model. */
export function drawCashChart(page: Page, report: EstimateReport, x: number, y: number, width: number, height: number): void {
  const told = report.models.filter(({ cashFlow }) => cashFlow !== null);
  if (told.length === 0) {
    page.line('It takes too long to be told month by month.', x, y, width, SMALL);
    return;
  }
  const keyBottom = drawKey(page, report, x + LEFT, y, width - LEFT);
  const [left, top] = [x + LEFT, keyBottom + 4];
  const [length, tall] = [width - LEFT - 4, height - (top - y) - 12];
  const months = linearScale(0, Math.max(...told.map(({ cashFlow }) => cashFlow?.length ?? 0)), length, 7);
  const money = linearScale(
    0,
    Math.max(...told.flatMap(({ cashFlow }) => cashFlow?.map(({ cumulative }) => cumulative) ?? [])),
    tall,
    4,
  );
  drawGrid(page, { left, top, length, tall }, months, money);
  for (const { model, cashFlow } of told) {
    const { color, dash } = MODEL_LOOKS[model];
    page.pen.moveTo(left, top + tall);
    for (const { month, cumulative } of cashFlow ?? [])
      page.pen.lineTo(left + months.at(month), top + tall - money.at(cumulative));
    if (dash) page.pen.dash(dash[0], { space: dash[1] });
    page.pen.lineWidth(1.3).strokeColor(color).stroke().undash();
    const last = cashFlow?.at(-1);
    if (last) page.pen.circle(left + months.at(last.month), top + tall - money.at(last.cumulative), 1.9).fill(color);
  }
}

type Scales = ReturnType<typeof linearScale>;

function drawGrid(
  page: Page,
  { left, top, length, tall }: { left: number; top: number; length: number; tall: number },
  months: Scales,
  money: Scales,
): void {
  const labels = shortLabels(money.ticks);
  for (const [index, tick] of money.ticks.entries()) {
    const at = top + tall - money.at(tick);
    page.pen
      .moveTo(left, at)
      .lineTo(left + length, at)
      .lineWidth(0.4)
      .strokeColor(tick === 0 ? GREY : '#dddddd')
      .stroke();
    page.line(labels[index] as string, left - LEFT, at - 3.4, LEFT - 4, { ...SMALL, align: 'right' });
  }
  for (const tick of months.ticks.filter(Number.isInteger)) {
    page.line(tick === 0 ? 'month 0' : String(tick), left + months.at(tick) - 20, top + tall + 2, 40, {
      ...SMALL,
      align: 'center',
    });
  }
}

/** Returns the y below it. */
function drawKey(page: Page, { models }: EstimateReport, x: number, y: number, width: number): number {
  let [at, top] = [x, y];
  for (const { model, cashFlow } of models) {
    const text = cashFlow === null ? `${MODEL_NAMES[model]}: too long to show` : MODEL_NAMES[model];
    const piece = 19 + page.widthOf(text, SMALL) + 8;
    if (at > x && at + piece > x + width) [at, top] = [x, top + 8];
    const { color, dash } = MODEL_LOOKS[model];
    if (dash) page.pen.dash(dash[0], { space: dash[1] });
    page.pen
      .moveTo(at, top + 3.8)
      .lineTo(at + 15, top + 3.8)
      .lineWidth(1.4)
      .strokeColor(color)
      .stroke()
      .undash();
    page.line(text, at + 18, top, piece, { ...SMALL, color: INK });
    at += piece;
  }
  return top + 8;
}
