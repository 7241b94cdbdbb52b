import { type AssumptionSet, type Evidence, pointOf } from './assumption';
import type { ModelResult } from './formulas';
import type { HiringModel } from './project';

/** A published claim beside what this model says about the same thing when no claim is used. */
export interface ClaimComparison {
  readonly id: string;
  readonly claim: string;
  readonly claimed: number;
  readonly unit: string;
  readonly reading: string;
  readonly evidence: Evidence;
  readonly source: string;
  /** True when a person switched the claim on, so that the estimate follows it. */
  readonly enabled: boolean;
  /** One figure per way of reading the claim; empty where the model has nothing to say. Same unit as the claim. */
  readonly implied: readonly { readonly figure: string; readonly value: number }[];
}

const CLAIM_IDS = ['C4', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'] as const;

/**
 * Sets the vendors' claims beside the model's own figures.
 *
 * @param results all four models, evaluated with every claim switched off
 * @param set the assumptions as the person left them
 */
export function compareClaims(
  results: Readonly<Record<HiringModel, ModelResult>>,
  monthsToStart: number,
  set: AssumptionSet,
): ClaimComparison[] {
  // Against next to nothing no share can be told.
  const saving = (ours: number, baseline: number) => [1 - ours / baseline].filter(Number.isFinite);
  const { in_house: inHouse, hybrid, staff_augmentation: partner } = results;
  const implied: Readonly<Record<(typeof CLAIM_IDS)[number], ClaimComparison['implied']>> = {
    C4: [
      ...figures('hybrid delivers sooner than in-house, by share', saving(hybrid.intermediate.D, inHouse.intermediate.D)),
      ...figures('hybrid works a shorter time than in-house, by share', saving(hybrid.intermediate.Dw, inHouse.intermediate.Dw)),
    ],
    C6: figures('months until a partner starts', [monthsToStart]),
    C7: [
      ...figures('partner below in-house, loaded hourly rate', saving(partner.intermediate.c, inHouse.intermediate.c)),
      ...figures('partner below in-house, total cost', saving(partner.total, inHouse.total)),
    ],
    C8: [],
    C9: [],
    C10: [],
    C11: [],
  };
  return CLAIM_IDS.map((id) => {
    const assumption = set.look(id);
    const { claim, unit, reading, evidence, source, enabled } = assumption;
    return { id, claim, claimed: pointOf(assumption), unit, reading, evidence, source, enabled, implied: implied[id] };
  });
}

function figures(figure: string, values: readonly number[]): { figure: string; value: number }[] {
  return values.map((value) => ({ figure, value }));
}
