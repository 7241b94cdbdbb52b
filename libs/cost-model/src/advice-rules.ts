import type { Advice, Situation } from './advice';
import { type AssumptionSet, isRange } from './assumption';
import type { ReportedModel } from './estimate-report';
import { nameAtStart, nameOf } from './model-names';
import { formatNumber, formatShare, toDecimals } from './money';
import type { HiringModel } from './project';
import { cheaperShare, type Pair } from './simulation/summary';
import type { TornadoBar } from './simulation/tornado';
import { EFFORT } from './simulation/uncertain-inputs';
import type { StartTime } from './start-time';

/** What the rules look at. */
export interface AdviceFacts {
  readonly situation: Situation;
  /** N */
  readonly seats: number;
  readonly currency: string;
  readonly models: readonly ReportedModel[];
  readonly pairs: readonly Pair[];
  readonly draws: number;
}

const GUIDE = 'Boundev, February 2026, "Hiring models" (docs/COST-MODEL.md): what each model is best for';
const MODEL = 'This model (docs/COST-MODEL.md)';
/** Shares of draws between which neither of two models is said to be cheaper. Source: docs/COST-MODEL.md, "Advice". */
const UNDECIDED = { from: 0.2, to: 0.8 };
/** Share of cases in which people start in time, from which on they are said to. */
const SURE = 0.9;

/** Words beside the numbers, each by a stated rule. The order is that of the rules in docs/COST-MODEL.md. */
export function adviceFor(facts: AdviceFacts, set: AssumptionSet): Advice[] {
  return [...fitting(facts, set), ...insidePipeline(facts), ...tooWide(facts)];
}

/** What a situation speaks for, by the guide. */
interface Shape {
  readonly rule: string;
  readonly model: HiringModel;
  readonly why: string;
}

/** One model at most is said to fit, so that no two of them are recommended against each other. */
function fitting(facts: AdviceFacts, set: AssumptionSet): Advice[] {
  const shape = shapeOf(facts, set);
  const found = shape && facts.models.find(({ model }) => model === shape.model);
  if (!shape || !found) return [];
  if (isInTime(found.start)) {
    const text = `${nameAtStart(shape.model)} fits ${shape.why} ${[...startsInTime(found), costs(found, facts)].join(' ')}`;
    return [{ rule: shape.rule, kind: 'fits', models: [shape.model], text: text.trim(), source: GUIDE }];
  }
  return [late(shape, found, facts)];
}

/**
 * An architect who stays settles more than the product does, and the product more than the size; speed alone says least. With one seat, the
 * hybrid would be the architect alone.
 */
function shapeOf({ situation, seats, models }: AdviceFacts, set: AssumptionSet): Shape | null {
  const { isWellDefined, isCoreProduct, keepsArchitect, startWithinMonths } = situation;
  if (keepsArchitect && seats > 1) {
    const why = 'where the architecture stays with you: your own architect, and augmented engineers for speed.';
    return { rule: 'keeps-architect', model: 'hybrid', why };
  }
  if (isCoreProduct) {
    const why = 'a core product: the knowledge of what you live on stays with people of your own.';
    return { rule: 'core-product', model: 'in_house', why };
  }
  const months = models.find(({ model }) => model === 'freelance')?.intermediate.Dw;
  const [shortest, longest] = rangeOf(set, 'C2');
  if (isWellDefined && months !== undefined && months >= shortest && months <= longest) {
    const why = `what is settled and short: ${inMonths(months)} of work, where freelance engagements fit ${shortest} to ${longest} (C2).`;
    return { rule: 'short-feature', model: 'freelance', why };
  }
  const [pipeline] = rangeOf(set, 'C5');
  if (startWithinMonths === null || startWithinMonths >= pipeline) return null;
  const partner = models.find(({ model }) => model === 'staff_augmentation');
  if (!partner || !isInTime(partner.start)) return null;
  const why = `a fast ramp-up: it goes without the hiring pipeline, which takes at least ${inMonths(pipeline)} (C5).`;
  return { rule: 'fast-start', model: 'staff_augmentation', why };
}

function late({ rule, model, why }: Shape, found: ReportedModel, facts: AdviceFacts): Advice {
  const begins = `${nameAtStart(model)} fits ${why} But people start after ${startOf(found.start)}, and you need them within ${inMonths(found.start.withinMonths ?? 0)}:`;
  const bridge = facts.models.find((each) => each.model === 'staff_augmentation' && each.model !== model && isInTime(each.start));
  if (!bridge) {
    const text = `${begins} move the date, or plan for an empty start; no model compared here fits both.`;
    return { rule: `${rule}-too-late`, kind: 'warning', models: [model], text, source: GUIDE };
  }
  const partner = `staff augmentation, whose people start after ${startOf(bridge.start)}`;
  const plan =
    model === 'freelance'
      ? `take ${partner}, instead.`
      : `begin with ${partner}, and go over to ${nameOf(model)} once its people have started. The totals cost each model alone, not the change from one to the other.`;
  const text = `${begins} ${plan}`;
  return { rule: `${rule}-by-bridge`, kind: 'fits', models: [model, bridge.model], text, source: GUIDE };
}

function startsInTime({ start }: ReportedModel): string[] {
  if (start.withinMonths === null) return [];
  return [`People start after ${startOf(start)}, within the ${inMonths(start.withinMonths)} that you have.`];
}

/** Total and band, and how far it is from the cheapest. */
function costs(found: ReportedModel, { currency, models, pairs }: AdviceFacts): string {
  const money = (amount: number): string => `${currency} ${formatNumber(amount, 0)}`;
  const own = `It costs ${money(found.total)} (P10-P90 ${formatNumber(found.cost.p10.value, 0)} to ${formatNumber(found.cost.p90.value, 0)})`;
  const cheapest = models.reduce((best, each) => (each.total < best.total ? each : best), found);
  if (models.length === 1) return `${own}.`;
  if (cheapest.model === found.model) return `${own}, the least of the models compared.`;
  const share = formatShare(1 - cheaperShare(pairs, found.model, cheapest.model));
  return `${own}; ${nameOf(cheapest.model)} costs ${money(found.total - cheapest.total)} less, and is cheaper in ${share} of the draws.`;
}

/** A date that lies before people can start, or may do. */
function insidePipeline({ models }: AdviceFacts): Advice[] {
  return models.flatMap(({ model, start }): Advice[] => {
    if (isInTime(start) || start.withinMonths === null || start.share === null) return [];
    const when = `${nameAtStart(model)}: people start after ${startOf(start)}, and you need them within ${inMonths(start.withinMonths)}`;
    const text =
      start.share > 0.001
        ? `${when}: that works out in ${formatShare(start.share)} of the cases.`
        : `${when}: the date lies inside the pipeline.`;
    return [{ rule: 'start-inside-pipeline', kind: 'warning', models: [model], text, source: MODEL }];
  });
}

/** Two models of which nobody can say which is cheaper, and what would have to be known better. */
function tooWide({ pairs, draws, models, currency }: AdviceFacts): Advice[] {
  return pairs
    .filter(({ firstCheaper }) => firstCheaper > UNDECIDED.from && firstCheaper < UNDECIDED.to)
    .map(({ models: [first, second], firstCheaper }): Advice => {
      const said = `${nameAtStart(first)} is cheaper than ${nameOf(second)} in ${formatShare(firstCheaper)} of ${formatNumber(draws, 0)} draws: the assumptions are too wide to say which one is.`;
      const mover = moverOf(models, first, second);
      const hint = mover
        ? ` What moves their difference most is ${mover.inputId} (${mover.claim}), by ${currency} ${formatNumber(mover.swing, 0)}.`
        : '';
      return { rule: 'too-wide-to-say', kind: 'undecided', models: [first, second], text: `${said}${hint}`, source: MODEL };
    });
}

/** The input whose P10 and P90 move the difference of two models most. Effort is left out: it makes both dearer and neither cheaper than the other. */
function moverOf(
  models: readonly ReportedModel[],
  first: HiringModel,
  second: HiringModel,
): Pick<TornadoBar, 'inputId' | 'claim' | 'swing'> | null {
  const [one, other] = [first, second].map((name) => models.find(({ model }) => model === name)?.tornado ?? []);
  const moves = (bars: readonly TornadoBar[], id: string): number => {
    const bar = bars.find(({ inputId }) => inputId === id);
    return bar ? bar.high.total - bar.low.total : 0;
  };
  const bars = [...(one ?? []), ...(other ?? [])].filter(({ inputId }) => inputId !== EFFORT);
  const all = bars.map(({ inputId, claim }) => ({
    inputId,
    claim,
    swing: Math.abs(moves(one ?? [], inputId) - moves(other ?? [], inputId)),
  }));
  return all.reduce((most: (typeof all)[number] | null, each) => (each.swing > (most?.swing ?? 0) ? each : most), null);
}

function isInTime({ share }: StartTime): boolean {
  return share === null || share >= SURE;
}

/** `4 months (P10-P90 3.4 to 4.6)`, without the band when there is none. */
function startOf({ p10, p50, p90 }: StartTime): string {
  return p10 === p90 ? inMonths(p50) : `${inMonths(p50)} (P10-P90 ${toDecimals(p10, 1)} to ${toDecimals(p90, 1)})`;
}

function rangeOf(set: AssumptionSet, id: string): readonly [number, number] {
  const assumption = set.use(id);
  return isRange(assumption) ? [assumption.low, assumption.high] : [assumption.value, assumption.value];
}

function inMonths(months: number): string {
  const rounded = toDecimals(months, months < 1 ? 2 : 1);
  return `${rounded} month${rounded === 1 ? '' : 's'}`;
}
