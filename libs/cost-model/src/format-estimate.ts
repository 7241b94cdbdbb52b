import { type Assumption, isRange } from './assumption';
import type { BreakEven } from './break-even';
import type { ClaimComparison } from './claims';
import type { Estimate, ModelEstimate } from './estimate';
import { formatDollars, toDecimals } from './money';
import type { HiringModel } from './project';

/** No line of the table is longer than this; sentences wrap. */
export const ESTIMATE_WIDTH = 100;

const LABEL_WIDTH = 24;
const MODEL_WIDTH = 19;

const MODEL_NAMES: Readonly<Record<HiringModel, string>> = {
  freelance: 'freelance',
  in_house: 'in-house',
  hybrid: 'hybrid',
  staff_augmentation: 'staff augmentation',
};

/** An estimate as plain text for a terminal, at most 100 columns, ending in a line break. */
export function formatEstimate(estimate: Estimate): string {
  const { project, models } = estimate;
  const rule = '-'.repeat(ESTIMATE_WIDTH);
  const seats = project.seats === 1 ? '1 seat' : `${project.seats} seats`;
  const lines = [
    `Hiring-model cost estimate: ${project.hours} engineer-hours, ${seats}, amounts in ${estimate.currency}`,
    rule,
    tableRow('', models, (model) => MODEL_NAMES[model.model]),
    rule,
    tableRow('total', models, (model) => formatDollars(model.total)),
    ...(['labour', 'management', 'recruiting', 'vacancy', 'equipment'] as const).map((part) =>
      tableRow(`  ${part}`, models, (model) => formatDollars(model.breakdown[part])),
    ),
    tableRow('delivery, months', models, (model) => model.deliveryMonths.toFixed(1)),
    tableRow('  of them working', models, (model) => toDecimals(model.intermediate.Dw, 1).toFixed(1)),
    rule,
    ...section('Break-even', estimate.breakEvens.map(breakEvenSentence)),
    ...section('Warnings', estimate.warnings),
    ...section('Vendor claims beside this model', estimate.claims.filter(isComparable).map(claimSentence)),
    ...section('Replaced assumptions', estimate.assumptions.filter(isOverridden).map(overrideSentence)),
    ...section('Sources', [sourcesSentence(estimate.assumptions)]),
  ];
  return `${lines.join('\n')}\n`;
}

function tableRow(label: string, models: readonly ModelEstimate[], cell: (model: ModelEstimate) => string): string {
  return `${label.padEnd(LABEL_WIDTH)}${models.map((model) => cell(model).padStart(MODEL_WIDTH)).join('')}`;
}

function section(title: string, sentences: readonly string[]): string[] {
  return sentences.length === 0 ? [] : [title, ...sentences.flatMap(wrapItem)];
}

function breakEvenSentence({ models: [a, b], hours, months, cheaperBelow, cheaperAbove }: BreakEven): string {
  const names = `${MODEL_NAMES[a]} / ${MODEL_NAMES[b]}`;
  if (cheaperBelow === null || cheaperAbove === null) return `${names}: always the same`;
  if (hours === null || months === null) return `${names}: never, ${MODEL_NAMES[cheaperAbove]} is always cheaper`;
  const at = `${Math.round(hours)} hours (${toDecimals(months, 1)} months)`;
  return `${names}: at ${at}; ${MODEL_NAMES[cheaperBelow]} is cheaper below, ${MODEL_NAMES[cheaperAbove]} above`;
}

function isComparable({ implied }: ClaimComparison): boolean {
  return implied.length > 0;
}

function claimSentence({ id, claim, enabled, unit, implied }: ClaimComparison): string {
  const figures = implied.map(({ figure, value }) => `${figure}: ${unit === 'share' ? percent(value) : toDecimals(value, 2)}`);
  return `${id}, ${enabled ? 'SWITCHED ON' : 'not used'}: ${claim}. Without claims: ${figures.join('; ')}`;
}

function percent(share: number): string {
  return `${toDecimals(share * 100, 1)}%`;
}

function isOverridden({ overriddenBy }: Assumption): boolean {
  return overriddenBy !== null;
}

function overrideSentence(assumption: Assumption): string {
  const amount = isRange(assumption) ? `${assumption.low} / ${assumption.mode} / ${assumption.high}` : assumption.value;
  return `${assumption.id} = ${amount} ${assumption.unit}, by ${assumption.overriddenBy}: ${assumption.overrideReason}`;
}

function sourcesSentence(assumptions: readonly Assumption[]): string {
  const count = (evidence: Assumption['evidence']) =>
    assumptions.filter((assumption) => assumption.evidence === evidence && !isOverridden(assumption)).length;
  return (
    `${assumptions.length} assumptions: ${count('official')} official, ${count('rate_guide')} from a rate guide, ` +
    `${count('vendor')} vendor claims, ${count('placeholder')} placeholders to replace with your own, ` +
    `${assumptions.filter(isOverridden).length} replaced`
  );
}

/** A list item: two spaces, and four on the lines that follow. */
function wrapItem(text: string): string[] {
  const lines: string[] = [];
  let line = ' ';
  for (const word of text.split(/\s+/)) {
    if (line.trim() !== '' && line.length + 1 + word.length > ESTIMATE_WIDTH) {
      lines.push(line);
      line = '   ';
    }
    line = `${line} ${word}`;
  }
  return [...lines, line];
}
