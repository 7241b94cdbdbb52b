import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { cheaperShare } from '../answer';
import { crossingOf } from '../notes';
import { MODEL_NAMES, percent } from '../words';
import { GREY, INK, type Page } from './page';

const ROW = 9.2;
const SIZE = 5.8;

/** Of each two models: how often the first is cheaper, and at what project size both cost the same. Returns the y below. */
export function drawPairsTable(
  page: Page,
  { breakEvens, simulation }: EstimateReport,
  x: number,
  y: number,
  width: number,
): number {
  const [names, share] = [width * 0.39, width * 0.17];
  const head = { size: SIZE, face: 'bold' } as const;
  page.line('First / second', x, y, names, head);
  page.line('1st cheaper', x + names, y, share, { ...head, align: 'right' });
  page.line('Cost the same at', x + names + share + 8, y, width - names - share - 8, head);
  page.pen
    .moveTo(x, y + ROW - 0.8)
    .lineTo(x + width, y + ROW - 0.8)
    .lineWidth(0.5)
    .strokeColor(INK)
    .stroke();
  let at = y + ROW;
  for (const breakEven of breakEvens) {
    const [first, second] = breakEven.models;
    page.line(`${MODEL_NAMES[first]} / ${MODEL_NAMES[second].toLowerCase()}`, x, at + 0.6, names, { size: SIZE, color: GREY });
    page.line(percent(cheaperShare(first, second, simulation.pairs)), x + names, at + 0.6, share, { size: SIZE, align: 'right' });
    page.line(crossingOf(breakEven), x + names + share + 8, at + 0.6, width - names - share - 8, { size: SIZE });
    at += ROW;
  }
  return at;
}
