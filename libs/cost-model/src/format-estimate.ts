import type { EstimateReport } from './estimate-report';
import {
  bandSentence,
  breakEvenSentence,
  claimSentence,
  frameworkSentence,
  headOf,
  isComparable,
  isOverridden,
  overrideSentence,
  precisionSentence,
  sourcesSentence,
} from './format-estimate-sentences';
import { cheaperTable, costLines, delivery, moversTable, totals } from './format-estimate-tables';
import { wrapItem } from './format-text';

/** No line of the table is longer than this; sentences wrap. */
export const ESTIMATE_WIDTH = 100;

/** An estimate as plain text for a terminal, the most important first, at most 100 columns, ending in a line break. */
export function formatEstimate(report: EstimateReport, title?: string): string {
  const rule = '-'.repeat(ESTIMATE_WIDTH);
  const lines = [
    ...headOf(report, title).flatMap((line) => wrapItem(line, ESTIMATE_WIDTH, '')),
    rule,
    ...totals(report),
    ...delivery(report),
    ...section('What moves the cost most: each alone, from its P10 to its P90', moversTable(report, ESTIMATE_WIDTH)),
    ...section('What it is made of (point estimate)', costLines(report)),
    ...section('How often the one on the left is cheaper', cheaperTable(report)),
    ...sentences(
      'Advice',
      report.advice.map(({ text, rule: name }) => `${text} [${name}]`),
    ),
    ...sentences('Warnings', report.warnings),
    ...sentences(
      'Break-even of the point estimates',
      report.breakEvens.map((each) => breakEvenSentence(each, report.currency)),
    ),
    ...sentences('Framework', report.framework ? [frameworkSentence(report.framework, report)] : []),
    ...sentences("Vendors' claims beside this model", report.claims.filter(isComparable).map(claimSentence)),
    ...sentences('Replaced assumptions', report.assumptions.filter(isOverridden).map(overrideSentence)),
    ...sentences('Sources', [sourcesSentence(report.assumptions), bandSentence(report), precisionSentence(report)]),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function sentences(title: string, items: readonly string[]): string[] {
  return section(
    title,
    items.flatMap((item) => wrapItem(item, ESTIMATE_WIDTH)),
  );
}
