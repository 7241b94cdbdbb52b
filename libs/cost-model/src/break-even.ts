import type { CostLine } from './formulas';
import type { HiringModel } from './project';

/** Project size at which two models cost the same. */
export interface BreakEven {
  readonly models: readonly [HiringModel, HiringModel];
  /** Project hours, null for "never". */
  readonly hours: number | null;
  /** The same in months of the whole team, hours / (N h). */
  readonly months: number | null;
  /** The cheaper model for smaller projects; null when both always cost the same. */
  readonly cheaperBelow: HiringModel | null;
  /** The cheaper model for larger projects; the same one as `cheaperBelow` when they never break even. */
  readonly cheaperAbove: HiringModel | null;
}

export interface ModelLine {
  readonly model: HiringModel;
  /** In the project's own hours. */
  readonly line: CostLine;
}

/**
 * H* = (F2 - F1) / (k1 - k2), numbering the models so that k1 > k2. There is none when the lines are parallel or cross at or below
 * zero hours. Source: docs/COST-MODEL.md.
 *
 * @param hoursPerTeamMonth N h
 */
export function breakEven(a: ModelLine, b: ModelLine, hoursPerTeamMonth: number): BreakEven {
  const models = [a.model, b.model] as const;
  const [steep, flat] = a.line.perHour >= b.line.perHour ? [a, b] : [b, a];
  const slope = steep.line.perHour - flat.line.perHour;
  const hours = slope > 0 ? (flat.line.fixed - steep.line.fixed) / slope : 0;
  if (hours > 0 && Number.isFinite(hours)) {
    return { models, hours, months: hours / hoursPerTeamMonth, cheaperBelow: steep.model, cheaperAbove: flat.model };
  }
  const always = alwaysCheaper(steep, flat);
  return { models, hours: null, months: null, cheaperBelow: always, cheaperAbove: always };
}

function alwaysCheaper(steep: ModelLine, flat: ModelLine): HiringModel | null {
  if (steep.line.perHour > flat.line.perHour || flat.line.fixed < steep.line.fixed) return flat.model;
  return steep.line.fixed < flat.line.fixed ? steep.model : null;
}
