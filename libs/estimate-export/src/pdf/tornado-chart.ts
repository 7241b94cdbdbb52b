import type { EstimateReport, ReportedModel } from '@assay/cost-model/estimate-report';
import { fullInputName } from '../input-names';
import { brief } from '../words';
import { GREY, INK, type Page } from './page';
import { linearScale, shortLabels } from './scale';

const SMALL = { size: 5.8, color: GREY } as const;
const LABEL = 108;
const [LOW, HIGH] = ['#a9b4c0', '#3d5a80'];

/** The inputs that move a model's cost most, each from its P10 to its P90 alone, as bars about the point estimate. */
export function drawTornado(page: Page, model: ReportedModel, x: number, y: number, width: number, height: number): void {
  const most = Math.max(1, Math.floor((height - 20) / 13.5));
  const bars = model.tornado.filter(({ swing }) => swing > 0).slice(0, most);
  if (bars.length === 0) {
    page.line('Nothing is uncertain: every input is one figure.', x, y, width, SMALL);
    return;
  }
  const keyed = drawKey(page, x + LABEL, y);
  const row = Math.min(17, (height - 12 - (keyed - y)) / bars.length);
  const ends = bars.flatMap(({ low, high }) => [low.total, high.total]);
  const left = x + LABEL;
  const scale = linearScale(Math.min(...ends, model.total), Math.max(...ends, model.total), width - LABEL - 10, 4);
  const bottom = keyed + bars.length * row;
  const labels = shortLabels(scale.ticks);
  for (const [index, tick] of scale.ticks.entries()) {
    const at = left + scale.at(tick);
    page.pen.moveTo(at, keyed).lineTo(at, bottom).lineWidth(0.4).strokeColor('#dddddd').stroke();
    page.line(labels[index] as string, at - 20, bottom + 2, 40, { ...SMALL, align: 'center' });
  }
  for (const [index, { inputId, claim, unit, low, high }] of bars.entries()) {
    const middle = keyed + (index + 0.5) * row;
    page.line(fullInputName(inputId, claim), x, middle - 7, LABEL - 5, { size: 5.8, color: INK });
    page.line(`${brief(low.value)} to ${brief(high.value)} ${unit}`, x, middle, LABEL - 5, { size: 5.2, color: GREY });
    const [point, a, b] = [model.total, low.total, high.total].map((value) => left + scale.at(value)) as [number, number, number];
    page.pen.rect(Math.min(point, a), middle - 3.6, Math.abs(a - point), 7.2).fill(LOW);
    page.pen.rect(Math.min(point, b), middle - 3.6, Math.abs(b - point), 7.2).fill(HIGH);
  }
  const at = left + scale.at(model.total);
  page.pen.moveTo(at, keyed).lineTo(at, bottom).lineWidth(0.9).strokeColor(INK).stroke();
}

/** Returns the y below it. */
function drawKey(page: Page, x: number, y: number): number {
  page.pen.rect(x, y + 1.4, 8, 5).fill(LOW);
  page.line('input at its P10', x + 11, y, 60, SMALL);
  page.pen.rect(x + 64, y + 1.4, 8, 5).fill(HIGH);
  page.line('at its P90, all else equal', x + 75, y, 90, SMALL);
  return y + 9;
}

/** The cheapest model of a report, the first of equals. */
export function cheapestOf({ models }: EstimateReport): ReportedModel {
  return models.reduce((low, each) => (each.total < low.total ? each : low));
}
