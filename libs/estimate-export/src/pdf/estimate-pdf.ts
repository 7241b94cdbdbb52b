import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { answerOf } from '../answer';
import { askedOf, titleOf } from '../asked';
import { rangesInWords, spendingInWords, swingsInWords } from '../chart-words';
import type { ExportedEstimate } from '../exported-estimate';
import { claimNotesOf, noticesOf } from '../notes';
import { provenanceOf } from '../provenance';
import { MODEL_NAMES } from '../words';
import { drawCashChart } from './cash-chart';
import { drawFooter, footerHeight, footerLines } from './footer';
import { drawLinesTable } from './lines-table';
import { drawNotices, layOutNotices, type Notices } from './notices';
import { GREY, INK, LEADING, Page, TINT } from './page';
import { drawPairsTable } from './pairs-table';
import { drawProvenance, fitProvenance, type ProvenanceLayout } from './provenance-list';
import { drawRangeChart, rangeChartHeight } from './range-chart';
import { cheapestOf, drawTornado } from './tornado-chart';

const [LEFT, TOP, BOTTOM] = [36, 26, Page.HEIGHT - 22];
const WIDTH = Page.WIDTH - 2 * LEFT;
const GAP = 16;
const HEADING = { size: 7.6, face: 'bold', color: '#1f3a5f' } as const;
const CHART_HEIGHT = 92;
const [TITLE_ROW, LIST_GAP] = [10, 4];
const CLAIMS = "Vendors' claims beside this model (OFF: not calculated with)";
const PROVENANCE = 'Where the figures come from, what moves a result most first';
/** Lines for advice and for claims, tried one after the other. */
const MOST_LINES = [
  [24, 14],
  [16, 10],
  [11, 8],
  [6, 7],
] as const;

/** Letters of the list of figures below which advice gives way to it. */
const READABLE = 5.4;

interface Lists {
  readonly notices: Notices;
  readonly claims: Notices;
  readonly provenance: ProvenanceLayout;
}

/**
 * An estimate on exactly one A4 page, for somebody who decides and has not seen the platform: answer, charts, lines, advice, vendors'
 * claims, and where every figure comes from. The same estimate gives the same bytes on every machine.
 */
export async function estimatePdf(estimate: ExportedEstimate): Promise<Uint8Array> {
  const { report, createdAt } = estimate;
  const title = titleOf(estimate);
  const page = new Page({ title, subject: 'Hiring-model cost estimate', createdAt: new Date(createdAt) });
  let y = drawHead(page, estimate, title);
  y = drawAnswer(page, estimate, y);
  y = drawCharts(page, estimate, y);
  y = drawTables(page, estimate, y);
  const footer = footerLines(page, estimate, WIDTH);
  const foot = BOTTOM - footerHeight(footer);
  const { notices, claims, provenance } = fitLists(page, report, foot - y);
  y = drawList(page, 'Advice and warnings', notices, y);
  y = drawList(page, CLAIMS, claims, y);
  heading(page, PROVENANCE, LEFT, y, WIDTH);
  page.tagged('P', () => drawProvenance(page, provenance, LEFT, y + TITLE_ROW, WIDTH));
  page.tagged('P', () => drawFooter(page, footer, LEFT, foot, WIDTH));
  return page.finish();
}

function heading(page: Page, text: string, x: number, y: number, width: number): void {
  page.tagged('H2', () => page.line(text, x, y, width, HEADING));
}

function drawHead(page: Page, estimate: ExportedEstimate, title: string): number {
  const made = `Made ${estimate.createdAt.slice(0, 10)}`;
  page.tagged('P', () => {
    page.line('Hiring-model cost estimate', LEFT, TOP, WIDTH / 2, { size: 7, color: GREY });
    page.line(made, LEFT + WIDTH / 2, TOP, WIDTH / 2, { size: 7, color: GREY, align: 'right' });
  });
  const name = { size: 14, face: 'bold' } as const;
  const y = page.tagged('H1', () => page.lines(page.wrap(title, WIDTH, name, 2), LEFT, TOP + 9, WIDTH, name));
  const asked = { size: 7.4, color: INK } as const;
  const lines = page.wrap(askedOf(estimate), WIDTH, asked, 2);
  return page.tagged('P', () => page.lines(lines, LEFT, y, WIDTH, asked)) + 5;
}

function drawAnswer(page: Page, { report }: ExportedEstimate, y: number): number {
  const { headline, sentences } = answerOf(report);
  const [x, width] = [LEFT + 9, WIDTH - 18];
  const large = { size: 10.5, face: 'bold' } as const;
  const small = { size: 7.2 } as const;
  const head = page.wrap(headline, width, large, 2);
  const rest = page.wrap(sentences.join(' '), width, small, 4);
  const height = head.length * large.size * LEADING + rest.length * small.size * LEADING + 10;
  page.pen.rect(LEFT, y, WIDTH, height).fill(TINT);
  page.pen.rect(LEFT, y, 3, height).fill(HEADING.color);
  const below = page.tagged('P', () => page.lines(head, x, y + 5, width, large));
  page.tagged('P', () => page.lines(rest, x, below, width, small));
  return y + height + 8;
}

function drawCharts(page: Page, { report }: ExportedEstimate, y: number): number {
  heading(page, `Cost, ${report.currency}`, LEFT, y - 0.5, 90);
  page.tagged('Figure', () => drawRangeChart(page, report, LEFT, y, WIDTH), rangesInWords(report));
  const below = y + rangeChartHeight(report.models.length) + 4;
  const half = (WIDTH - GAP) / 2;
  const cheapest = cheapestOf(report);
  heading(page, `Spent by the end of each month, ${report.currency}`, LEFT, below, half);
  page.tagged('Figure', () => drawCashChart(page, report, LEFT, below + 11, half, CHART_HEIGHT), spendingInWords(report));
  const moves = `What moves ${MODEL_NAMES[cheapest.model].toLowerCase()} most, ${report.currency}`;
  heading(page, moves, LEFT + half + GAP, below, half);
  const tornado = (): void => drawTornado(page, cheapest, LEFT + half + GAP, below + 11, half, CHART_HEIGHT);
  page.tagged('Figure', tornado, swingsInWords(cheapest, report.currency));
  return below + 11 + CHART_HEIGHT + 6;
}

function drawTables(page: Page, { report }: ExportedEstimate, y: number): number {
  if (report.breakEvens.length === 0) return drawLinesTable(page, report, LEFT, y, WIDTH * 0.58) + 5;
  const left = WIDTH * 0.54;
  const first = drawLinesTable(page, report, LEFT, y, left);
  const second = drawPairsTable(page, report, LEFT + left + GAP, y, WIDTH - left - GAP);
  return Math.max(first, second) + 5;
}

/** Every figure with its source comes before the last words of advice; where there is room, both are whole. */
function fitLists(page: Page, report: EstimateReport, height: number): Lists {
  const [advice, claims, figures] = [noticesOf(report), claimNotesOf(report), provenanceOf(report)];
  let lists: Lists | null = null;
  for (const [most, mostClaims] of MOST_LINES) {
    const [notices, beside] = [layOutNotices(page, advice, WIDTH, most), layOutNotices(page, claims, WIDTH, mostClaims)];
    const left = height - TITLE_ROW - heightOf(notices) - heightOf(beside);
    lists = { notices, claims: beside, provenance: fitProvenance(page, figures, WIDTH, left) };
    if (lists.provenance.left === 0 && lists.provenance.size >= READABLE) break;
  }
  return lists as Lists;
}

function heightOf({ items, left, height }: Notices): number {
  return items.length + left === 0 ? 0 : TITLE_ROW + height + LIST_GAP;
}

function drawList(page: Page, title: string, notices: Notices, y: number): number {
  if (notices.items.length + notices.left === 0) return y;
  heading(page, title, LEFT, y, WIDTH);
  page.tagged('P', () => drawNotices(page, notices, LEFT, y + TITLE_ROW, WIDTH));
  return y + heightOf(notices);
}
