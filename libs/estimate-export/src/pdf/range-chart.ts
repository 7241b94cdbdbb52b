import type { EstimateReport, ReportedModel } from '@assay/cost-model/estimate-report';
import { formatNumber } from '@assay/cost-model/money';
import { MODEL_NAMES } from '../words';
import { MODEL_LOOKS } from './model-looks';
import { GREY, INK, type Page, RULE } from './page';
import { linearScale, type Scale, shortLabels } from './scale';

const RANGE_ROW = 17.5;
const [NAME_WIDTH, MONTHS_WIDTH] = [96, 112];
const SMALL = { size: 5.8, color: GREY } as const;

/** Height of the chart for a number of models. */
export function rangeChartHeight(models: number): number {
  return 24 + models * RANGE_ROW;
}

/** P10 to P90 as bars, P50 and the point estimate as marks on a common axis of money, months until delivery beside them. */
export function drawRangeChart(page: Page, report: EstimateReport, x: number, y: number, width: number): void {
  const { models, currency } = report;
  const [left, length] = [x + NAME_WIDTH, width - NAME_WIDTH - MONTHS_WIDTH - 16];
  const money = models.flatMap(({ total, cost }) => [total, cost.p10.value, cost.p90.value]);
  const scale = linearScale(Math.min(0, ...money), Math.max(...money, 0), length, 7);
  const [top, bottom] = [y + 12, y + 12 + models.length * RANGE_ROW];
  drawKey(page, left, y, currency);
  page.line('Months to delivery (P10–P90)', x + width - MONTHS_WIDTH, y, MONTHS_WIDTH, { ...SMALL, align: 'right' });
  const labels = shortLabels(scale.ticks);
  for (const [index, tick] of scale.ticks.entries()) {
    const at = left + scale.at(tick);
    page.pen
      .moveTo(at, top)
      .lineTo(at, bottom)
      .lineWidth(0.4)
      .strokeColor(tick === 0 ? GREY : '#dddddd')
      .stroke();
    page.line(labels[index] as string, at - 30, bottom + 2, 60, { ...SMALL, align: 'center' });
  }
  for (const [index, model] of models.entries()) {
    const middle = top + (index + 0.5) * RANGE_ROW;
    page.line(MODEL_NAMES[model.model], x, middle - 8.2, NAME_WIDTH - 6, { size: 7.4, face: 'bold' });
    page.line(rangeText(model, currency), x, middle + 0.8, NAME_WIDTH - 6, { ...SMALL, shrink: true });
    drawRange(page, model, left, middle, scale);
    drawMonths(page, model, x + width - MONTHS_WIDTH, middle);
  }
}

function rangeText({ cost }: ReportedModel, currency: string): string {
  return `${currency} ${formatNumber(cost.p10.value, 0)}–${formatNumber(cost.p90.value, 0)}`;
}

function drawKey(page: Page, x: number, y: number, currency: string): void {
  const pieces: [string, (at: number) => void][] = [
    [
      '8 of 10 simulated projects (P10–P90)',
      (at) =>
        page.pen
          .rect(at, y + 1.2, 12, 5)
          .fillOpacity(0.45)
          .fill(GREY)
          .fillOpacity(1),
    ],
    ['middle (P50)', (at) => page.pen.rect(at + 5, y, 1.8, 7.4).fill(INK)],
    ['estimate', (at) => diamond(page, at + 6, y + 3.7)],
  ];
  let at = x;
  for (const [text, mark] of pieces) {
    mark(at);
    page.line(text, at + 15, y, 150, SMALL);
    at += 15 + page.widthOf(text, SMALL) + 10;
  }
  page.line(`in ${currency}`, at, y, 60, SMALL);
}

function drawRange(page: Page, { model, total, cost }: ReportedModel, left: number, middle: number, scale: Scale): void {
  const [p10, p50, p90] = [cost.p10, cost.p50, cost.p90].map(({ value }) => left + scale.at(value)) as [number, number, number];
  const { color } = MODEL_LOOKS[model];
  page.pen
    .rect(p10, middle - 4.5, Math.max(p90 - p10, 0.8), 9)
    .fillOpacity(0.45)
    .fill(color)
    .fillOpacity(1);
  page.pen.rect(p50 - 0.9, middle - 6.2, 1.8, 12.4).fill(INK);
  diamond(page, left + scale.at(total), middle);
}

function diamond(page: Page, x: number, y: number): void {
  page.pen
    .polygon([x, y - 3.6], [x + 3.1, y], [x, y + 3.6], [x - 3.1, y])
    .lineWidth(0.9)
    .fillAndStroke('#ffffff', INK);
}

function drawMonths(page: Page, { deliveryMonths, delivery }: ReportedModel, x: number, middle: number): void {
  const range = `(${formatNumber(delivery.p10.value, 1)}–${formatNumber(delivery.p90.value, 1)})`;
  const rangeWidth = page.widthOf(range, SMALL);
  page.line(range, x, middle - 3.2, MONTHS_WIDTH, { ...SMALL, align: 'right' });
  page.line(formatNumber(deliveryMonths, 1), x, middle - 4.6, MONTHS_WIDTH - rangeWidth - 4, {
    size: 7.4,
    face: 'bold',
    align: 'right',
  });
  page.pen
    .moveTo(x, middle + RANGE_ROW / 2)
    .lineTo(x + MONTHS_WIDTH, middle + RANGE_ROW / 2)
    .lineWidth(0.3)
    .strokeColor(RULE)
    .stroke();
}
