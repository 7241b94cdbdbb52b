import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { formatShare } from '@assay/cost-model/money';
import { cheaperShare } from '@assay/cost-model/simulation/summary';
import { crossingOf } from '../notes';
import { MODEL_NAMES } from '../words';
import { GREY, INK, type Page, type TableCell } from './page';

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
  const columns = [
    { at: x, wide: names },
    { at: x + names, wide: share, align: 'right' },
    { at: x + names + share + 8, wide: width - names - share - 8 },
  ] as const;
  const rowAt = (at: number, texts: readonly string[], isHead: boolean): TableCell[] =>
    columns.map(({ at: left, wide, ...style }, index) => {
      const look = { size: SIZE, face: isHead ? 'bold' : 'regular', color: isHead || index > 0 ? INK : GREY, ...style } as const;
      return { isHead: isHead || index === 0, draw: () => page.line(texts[index] ?? '', left, at, wide, look) };
    });
  const rows = breakEvens.map((breakEven, index) => {
    const [first, second] = breakEven.models;
    const pair = `${MODEL_NAMES[first]} / ${MODEL_NAMES[second].toLowerCase()}`;
    const cheaper = formatShare(cheaperShare(simulation.pairs, first, second));
    return rowAt(y + (index + 1) * ROW + 0.6, [pair, cheaper, crossingOf(breakEven)], false);
  });
  page.table([rowAt(y, ['First / second', '1st cheaper', 'Estimates equal at'], true), ...rows]);
  page.pen
    .moveTo(x, y + ROW - 0.8)
    .lineTo(x + width, y + ROW - 0.8)
    .lineWidth(0.5)
    .strokeColor(INK)
    .stroke();
  return y + (breakEvens.length + 1) * ROW;
}
