import type { Assumption } from '@assay/cost-model/assumption';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { inputName } from './input-names';
import { amountOf, EVIDENCE_NAMES } from './words';

/** One figure of the list, with the number of its source. */
export interface ProvenanceItem {
  readonly name: string;
  readonly amount: string;
  readonly evidence: string;
  /** Index into the sources, from 0. */
  readonly source: number;
}

export interface Provenance {
  /** What moves a result most comes first. */
  readonly items: readonly ProvenanceItem[];
  /** Each source once, with the day on which figures were taken from it; numbered in the order of the items. */
  readonly sources: readonly string[];
}

/** The figures that an estimate was calculated with, and where they come from. */
export function provenanceOf(report: EstimateReport): Provenance {
  const sources: string[] = [];
  const items = byInfluence(report).map((assumption): ProvenanceItem => {
    const source = sourceOf(assumption);
    if (!sources.includes(source)) sources.push(source);
    return {
      name: inputName(assumption.id, assumption.claim),
      amount: `${amountOf(assumption)} ${assumption.unit}`,
      evidence: EVIDENCE_NAMES[assumption.evidence],
      source: sources.indexOf(source),
    };
  });
  return { items, sources };
}

/** By the widest swing of any model; figures that were not varied follow, those that somebody replaced first. */
function byInfluence({ models, assumptions }: EstimateReport): Assumption[] {
  const swings = new Map<string, number>();
  for (const { model, tornado } of models) {
    for (const { inputId, swing } of tornado) {
      for (const id of assumptionIdsOf(inputId, model)) swings.set(id, Math.max(swing, swings.get(id) ?? 0));
    }
  }
  const rank = ({ id, overriddenBy }: Assumption): number => swings.get(id) ?? (overriddenBy === null ? -1 : -0.5);
  return [...assumptions].sort((a, b) => rank(b) - rank(a));
}

/** Two inputs of the simulation are made of other assumptions: effort, and the people who leave. */
function assumptionIdsOf(inputId: string, model: string): string[] {
  if (inputId === 'effort') return ['effort.ln_mean', 'effort.ln_deviation'];
  return [inputId === 'exits' ? `${model}.annual_exits` : inputId];
}

/** With the day; where a person took the published figure in another way, with the reason. An own figure has it in its source. */
function sourceOf({ evidence, overrideReason, source, retrieved }: Assumption): string {
  const changed = overrideReason === null || evidence === 'own' ? '' : `; changed: ${overrideReason}`;
  return `${source} (${retrieved})${changed}`;
}
