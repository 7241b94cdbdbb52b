import type { Assumption } from '@assay/cost-model/assumption';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { inputName, SHORT_MODEL_NAMES } from './input-names';
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
  /** What moves a result most comes first. Models that have the same figure of the same source share an item. */
  readonly items: readonly ProvenanceItem[];
  /** Each source once, with the day on which figures were taken from it; numbered in the order of the items. */
  readonly sources: readonly string[];
}

/** A figure, and the models that have it; none where it is not that of one model. */
interface Shared {
  readonly name: string;
  readonly models: string[];
  readonly assumption: Assumption;
  readonly source: string;
}

/** The figures that an estimate was calculated with, and where they come from. */
export function provenanceOf(report: EstimateReport): Provenance {
  const sharedFigures = new Map<string, Shared>();
  for (const assumption of byInfluence(report)) {
    const { name, model } = inputName(assumption.id, assumption.claim);
    const source = sourceOf(assumption);
    const key = JSON.stringify([
      name,
      model === null,
      amountOf(assumption, report.project),
      assumption.unit,
      assumption.evidence,
      source,
    ]);
    const shared = sharedFigures.get(key) ?? { name, models: [], assumption, source };
    if (model !== null) shared.models.push(model);
    sharedFigures.set(key, shared);
  }
  const sources = [...new Set([...sharedFigures.values()].map(({ source }) => source))];
  const items = [...sharedFigures.values()].map(({ name, models, assumption, source }): ProvenanceItem => {
    return {
      name: models.length === 0 ? name : `${name}, ${namesOf(models)}`,
      amount: `${amountOf(assumption, report.project)} ${assumption.unit}`,
      evidence: evidenceOf(assumption),
      source: sources.indexOf(source),
    };
  });
  return { items, sources };
}

/** A claim is calculated with only when a person switched it on. */
function evidenceOf({ role, evidence, enabled }: Assumption): string {
  if (role !== 'claim') return EVIDENCE_NAMES[evidence];
  return `${evidence} ${enabled ? 'ON' : 'OFF'}`;
}

/** `freelance, hybrid`, or by those that are missing where that is shorter. */
function namesOf(models: readonly string[]): string {
  const all = Object.values(SHORT_MODEL_NAMES);
  const missing = all.filter((name) => !models.includes(name));
  if (missing.length === 0) return 'all models';
  return missing.length === 1 ? `all but ${missing[0]}` : models.join(', ');
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
