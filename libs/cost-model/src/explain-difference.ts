import { DOLLAR, decimalsOf, type ExchangeRate, fromDollars } from './currency';
import { ALL_TOGETHER, attribute, EXCHANGE_RATE, type ModelAttribution } from './explain-difference/attribute';
import { changesBetween, type InputChange, type Side, sideOf, sideText } from './explain-difference/changed-inputs';
import type {
  ChangedInput,
  ComparedEstimate,
  EstimateDifference,
  ModelDifference,
  ToldEstimate,
  ToldModel,
} from './explain-difference/estimate-difference';
import { changeInWords, type InWords, rateInWords } from './explain-difference/in-words';
import { outcomeOf } from './explain-difference/mixture';
import { movementOf, type Told } from './explain-difference/movement';
import { otherChanges } from './explain-difference/other-inputs';
import { movesRange, rangesOf } from './explain-difference/ranges';
import { EstimateInputError } from './input-error';
import { toDecimals } from './money';
import { HIRING_MODELS, type HiringModel } from './project';

/** The figures of a model that are explained. */
type Figures = Pick<ToldModel, 'total' | 'deliveryMonths'>;

/** The cause that stands for what no input explains: estimates that were made by another version of the model. */
const FORMULAS = 'formulas';
const MONTHS_DECIMALS = 4;
const AS_OF = { before: 'as of the first estimate', after: 'as of the second estimate' };

/**
 * Explains the difference of two estimates input by input. Each changed input's share is its Shapley value: the mean of what it adds over
 * all orders in which the inputs could have changed, so that what several do together is divided between them and no order is preferred.
 * Shares sum to the difference exactly; comparing the two the other way round gives the same shares with the other sign.
 *
 * @throws EstimateInputError when the two have no hiring model in common
 */
export function explainDifference(before: ComparedEstimate, after: ComparedEstimate): EstimateDifference {
  const [asked, askedAfter] = [before.input.project.models, after.input.project.models];
  const models = HIRING_MODELS.filter((model) => asked.includes(model) && askedAfter.includes(model));
  if (models.length === 0)
    throw new EstimateInputError([{ path: 'project.models', message: 'the two estimates have no model in common.' }]);
  const comparison = new Comparison(before, after);
  const compared = models.map((model) => comparison.compare(model));
  const isFormulas = compared.some(({ causes }) => causes.some(({ inputId }) => inputId === FORMULAS));
  return {
    currency: comparison.rates.after.currency,
    notes: [
      ...comparison.notes,
      ...(isFormulas
        ? ['One of the estimates was made by another version of the model; what that changed is a cause of its own.']
        : []),
    ],
    inputs: comparison.inputs(compared),
    models: compared,
    modelsOnlyBefore: asked.filter((model) => !models.includes(model)),
    modelsOnlyAfter: askedAfter.filter((model) => !models.includes(model)),
  };
}

class Comparison {
  readonly rates: { readonly before: ExchangeRate; readonly after: ExchangeRate };
  readonly notes: readonly string[];
  private readonly sides: { readonly before: Side; readonly after: Side };
  private readonly changes: readonly InputChange[];
  private readonly words: ReadonlyMap<string, InWords>;
  /** Shares are calculated in an order of the sides' own, so that the other way round they only change signs. */
  private readonly isSwapped: boolean;

  constructor(
    private readonly before: ComparedEstimate,
    private readonly after: ComparedEstimate,
  ) {
    const [rate, rateAfter] = [before.input.exchangeRate, after.input.exchangeRate];
    const isOneCurrency = rate.currency === rateAfter.currency;
    this.rates = isOneCurrency ? { before: rate, after: rateAfter } : { before: DOLLAR, after: DOLLAR };
    this.notes = isOneCurrency
      ? []
      : [
          `One estimate is in ${rate.currency} and the other in ${rateAfter.currency}; both are compared in USD, in which they were calculated.`,
        ];
    this.sides = { before: sideOf(before.input), after: sideOf(after.input) };
    this.changes = changesBetween(this.sides.before, this.sides.after);
    const text = (side: Side, { perDollar }: ExchangeRate): string => `${sideText(side, this.changes)} ${perDollar}`;
    this.isSwapped = text(this.sides.before, this.rates.before) > text(this.sides.after, this.rates.after);
    this.words = new Map([
      ...this.changes.map((change): [string, InWords] => [
        change.inputId,
        changeInWords(change, this.sides.before, this.sides.after),
      ]),
      [EXCHANGE_RATE, rateInWords(this.rates.before, this.rates.after)],
      [FORMULAS, { claim: "The model's own formulas and defaults", ...AS_OF }],
      [
        ALL_TOGETHER,
        { claim: 'All inputs together: some of one estimate with others of the other are out of all proportion', ...AS_OF },
      ],
    ]);
  }

  compare(model: HiringModel): ModelDifference {
    const { moved, sampledOrders, standardError } = this.attribution(model);
    const decimals = decimalsOf(this.rates.after.currency);
    const cost = movementOf(
      ...this.told(model, ({ total }) => total),
      moved.map(({ total }) => total),
      this.isSwapped,
      decimals,
    );
    const delivery = movementOf(
      ...this.told(model, ({ deliveryMonths }) => deliveryMonths),
      moved.map(({ months }) => months),
      this.isSwapped,
      MONTHS_DECIMALS,
    );
    const causes = [...moved.map(({ inputId }) => inputId), FORMULAS]
      .map((inputId, index) => ({
        ...{ inputId, ...(this.words.get(inputId) as InWords) },
        change: cost.shares[index] as number,
        deliveryMonths: delivery.shares[index] as number,
      }))
      .filter(({ inputId, change, deliveryMonths }) => inputId !== FORMULAS || change !== 0 || deliveryMonths !== 0);
    return {
      ...{ model, before: cost.before, after: cost.after, change: cost.change },
      delivery: { before: delivery.before, after: delivery.after, change: delivery.change },
      causes: causes.sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.inputId < b.inputId ? -1 : 1)),
      ranges: this.ranges(model),
      ...{ sampledOrders, standardError: toDecimals(standardError, decimals) },
    };
  }

  /** Those that moved an amount, those that moved only a range, and the others; by id among each other. */
  inputs(models: readonly ModelDifference[]): ChangedInput[] {
    const moved = new Set(models.flatMap(({ causes }) => causes.map(({ inputId }) => inputId)));
    const names = models.map(({ model }) => model);
    const { before, after } = this.sides;
    const effectOf = ({ inputId, together }: InputChange): ChangedInput['effect'] => {
      if (moved.has(inputId) || moved.has(ALL_TOGETHER)) return 'amounts';
      return together.some((id) => movesRange(id, names, [before, after])) ? 'range' : 'words';
    };
    const rate = moved.has(EXCHANGE_RATE) ? [{ inputId: EXCHANGE_RATE, together: [EXCHANGE_RATE] }] : [];
    const inputs = [...this.changes, ...rate].map((change) => ({
      ...{ inputId: change.inputId, together: change.together, ...(this.words.get(change.inputId) as InWords) },
      effect: effectOf(change),
    }));
    const others = otherChanges(this.before.input, this.after.input).map((other) => ({ ...other, together: [other.inputId] }));
    const rank = ['amounts', 'range', 'words'];
    return [...inputs, ...others].sort(
      (a, b) => rank.indexOf(a.effect) - rank.indexOf(b.effect) || (a.inputId < b.inputId ? -1 : 1),
    );
  }

  private attribution(model: HiringModel): ModelAttribution {
    const { before, after } = this.sides;
    const rates = { before: this.rates.before.perDollar, after: this.rates.after.perDollar };
    const units = { total: 10 ** decimalsOf(this.rates.after.currency), months: 10 ** MONTHS_DECIMALS };
    if (!this.isSwapped) return attribute(model, before, after, this.changes, rates, units);
    return attribute(model, after, before, this.changes, { before: rates.after, after: rates.before }, units);
  }

  /** A figure before and after: as it was told or, where it was not or in another currency, as it comes out now. */
  private told(model: HiringModel, read: (figures: Figures) => number): [Told, Told] {
    const toldOf = (side: Side, { told }: ComparedEstimate, rate: ExchangeRate): Told => {
      const { total, months } = outcomeOf(model, side);
      const now = read({ total: fromDollars(total, rate), deliveryMonths: toDecimals(months, MONTHS_DECIMALS) });
      const then = told?.exchangeRate.currency === rate.currency ? toldModel(told, model) : undefined;
      return { now, told: then ? read(then) : now };
    };
    return [toldOf(this.sides.before, this.before, this.rates.before), toldOf(this.sides.after, this.after, this.rates.after)];
  }

  private ranges(model: HiringModel): ModelDifference['ranges'] {
    const [before, after] = [this.before, this.after].map(({ told }) => {
      const then = told && toldModel(told, model);
      const isOneCurrency = told?.exchangeRate.currency === this.rates.after.currency;
      return then ? rangesOf(then, isOneCurrency ? null : told.exchangeRate) : null;
    });
    return before && after ? { before, after } : null;
  }
}

function toldModel({ models }: ToldEstimate, model: HiringModel): ToldModel | undefined {
  return models.find((each) => each.model === model);
}
