import { type Assumption, type PointAssumption, RANGE_READINGS, type RangeAssumption } from './assumption';

const BLS =
  'US Bureau of Labor Statistics, Employer Costs for Employee Compensation, June 2025 (USDL-25-1358), private industry, per hour worked: ' +
  'total 45.65, wages 32.07, paid leave 3.44. 45.65 / (32.07 + 3.44) = 1.2856, rounded to four decimals. https://www.bls.gov/news.release/ecec.nr0.htm';
const PLACEHOLDER = 'Placeholder of the model (docs/COST-MODEL.md), not a published figure; replace it with your own.';

const EFFORT_SURVEYS =
  'Placeholder fitted to surveys of effort overrun (K. Molokken and M. Jorgensen, "A review of surveys on software effort estimation", ISESE 2003): ' +
  '60 to 80% of projects overrun, by 30 to 40% on average; with these figures 70% do, by 35%. Replace it with your own record.';

const DEFAULT_FACTS = {
  role: 'input',
  baseline: null,
  enabled: true,
  retrieved: '2026-11-22',
  overriddenBy: null,
  overrideReason: null,
} as const;

type Placeholder = Pick<PointAssumption, 'id' | 'claim' | 'value' | 'unit' | 'allowed' | 'appliesTo'>;

function placeholder(facts: Placeholder): PointAssumption {
  return { ...DEFAULT_FACTS, ...facts, reading: 'value', readings: ['value'], evidence: 'placeholder', source: PLACEHOLDER };
}

/** The parameters that each hiring model has of its own; symbols as in docs/COST-MODEL.md. */
interface ModelFigures {
  readonly months_to_start?: number;
  readonly ramp_months: number;
  readonly day_one_productivity: number;
  readonly rework: number;
  readonly annual_exits: number;
  readonly management: number;
  readonly equipment: number;
}

const MODEL_FIGURES: Readonly<Record<keyof ModelFigures, Pick<Placeholder, 'claim' | 'unit' | 'allowed'>>> = {
  months_to_start: { claim: 'T: months until seats start', unit: 'months', allowed: 'non_negative' },
  ramp_months: { claim: 'R: months until a joiner is fully productive', unit: 'months', allowed: 'non_negative' },
  day_one_productivity: { claim: 'p0: productivity on day one', unit: 'share', allowed: 'share' },
  rework: { claim: 'w: rework, as a share of the project hours', unit: 'share of hours', allowed: 'non_negative' },
  annual_exits: { claim: 'a: exits per seat and year', unit: 'per seat and year', allowed: 'non_negative' },
  management: { claim: 'mu: management hours per engineer hour', unit: 'hours per hour', allowed: 'non_negative' },
  equipment: { claim: 'eq: equipment', unit: 'USD per seat', allowed: 'non_negative' },
};

/** Figures that nobody knows to the digit: from half to one and a half times the value, until an organisation has ranges of its own. */
const RANGED: readonly string[] = ['months_to_start', 'ramp_months', 'rework', 'management'] satisfies (keyof ModelFigures)[];

function modelFigures(model: string, figures: ModelFigures): Assumption[] {
  return Object.entries(figures).map(([figure, figureValue]) => {
    const value = Number(figureValue);
    const facts = placeholder({
      ...MODEL_FIGURES[figure as keyof ModelFigures],
      id: `${model}.${figure}`,
      value,
      appliesTo: model,
    });
    return RANGED.includes(figure) && value > 0 ? ranged(facts) : facts;
  });
}

function ranged({ value, ...facts }: PointAssumption): RangeAssumption {
  // Told from the decimals that it is written with: 0.15 * 1.5 is 0.22499999999999998.
  const times = (factor: number): number => Number((value * factor).toPrecision(12));
  return { ...facts, low: times(0.5), mode: value, high: times(1.5), reading: 'mode', readings: RANGE_READINGS };
}

/** The figures that C1 to C11 do not give. Ids of one model's figures start with its name. */
export const DEFAULT_PARAMETERS: readonly Assumption[] = [
  {
    ...DEFAULT_FACTS,
    id: 'employer_load',
    claim: 'g: what an employer pays per dollar of annual salary',
    value: 1.2856,
    unit: 'USD per USD',
    allowed: 'positive',
    appliesTo: 'in_house, hybrid (architect)',
    reading: 'annual_salary',
    readings: ['annual_salary'],
    evidence: 'official',
    source: BLS,
  },
  placeholder({
    id: 'worked_hours_per_year',
    claim: 'Hours an employee actually works in a year, leave taken off',
    value: 1800,
    unit: 'hours per year',
    allowed: 'positive',
    appliesTo: 'in_house, hybrid (architect)',
  }),
  placeholder({
    id: 'hours_per_month',
    claim: 'h: productive hours per engineer-month',
    value: 150,
    unit: 'hours per month',
    allowed: 'positive',
    appliesTo: 'all',
  }),
  placeholder({
    id: 'manager_cost',
    claim: 'cg: cost of a manager',
    value: 100,
    unit: 'USD per hour',
    allowed: 'non_negative',
    appliesTo: 'all',
  }),
  placeholder({
    id: 'vacancy_cost',
    claim: 'v: cost of an empty seat beyond the tolerated delay',
    value: 4000,
    unit: 'USD per seat-month',
    allowed: 'non_negative',
    appliesTo: 'all',
  }),
  placeholder({
    id: 'tolerated_delay',
    claim: 's: start delay that costs nothing',
    value: 1,
    unit: 'months',
    allowed: 'non_negative',
    appliesTo: 'all',
  }),
  ...(
    [
      ['junior', 0.7],
      ['mid', 1],
      ['senior', 1.2],
    ] as const
  ).map(([seniority, value]) =>
    placeholder({
      id: `productivity.${seniority}`,
      claim: `pi: productivity of a ${seniority} engineer`,
      value,
      unit: 'hours of work per hour',
      allowed: 'positive',
      appliesTo: 'all',
    }),
  ),
  placeholder({
    id: 'freelance.platform_fee',
    claim: "Platform fee on a freelancer's rate",
    value: 0.05,
    unit: 'share of rate',
    allowed: 'non_negative',
    appliesTo: 'freelance',
  }),
  placeholder({
    id: 'freelance.recruiting',
    claim: 'rec: finding a freelancer',
    value: 500,
    unit: 'USD per hire',
    allowed: 'non_negative',
    appliesTo: 'freelance',
  }),
  ...modelFigures('freelance', {
    months_to_start: 0.5,
    ramp_months: 1,
    day_one_productivity: 0.5,
    rework: 0.1,
    annual_exits: 0.4,
    management: 0.15,
    equipment: 0,
  }),
  placeholder({
    id: 'in_house.recruiting_share',
    claim: 'rec: recruiting a hire, as a share of the annual salary',
    value: 0.2,
    unit: 'share of salary',
    allowed: 'non_negative',
    appliesTo: 'in_house',
  }),
  ...modelFigures('in_house', {
    ramp_months: 3,
    day_one_productivity: 0.25,
    rework: 0.05,
    annual_exits: 0.15,
    management: 0.1,
    equipment: 3000,
  }),
  {
    ...DEFAULT_FACTS,
    id: 'partner_rate',
    claim: "A staff-augmentation partner's bill rate",
    low: 45,
    mode: 70,
    high: 95,
    unit: 'USD per hour',
    allowed: 'positive',
    appliesTo: 'hybrid, staff_augmentation',
    reading: 'mode',
    readings: RANGE_READINGS,
    evidence: 'placeholder',
    source: `${PLACEHOLDER} Until then the range of C1 and its middle.`,
  },
  ...(
    [
      ['effort.ln_mean', 'ln-mean', 0.2155, 'any'],
      ['effort.ln_deviation', 'ln-standard deviation', 0.4113, 'non_negative'],
    ] as const
  ).map(([id, name, value, allowed]) => ({
    ...placeholder({
      id,
      claim: `${name} of actual over estimated effort, which is lognormal (simulation only)`,
      value,
      unit: 'ln of a ratio',
      allowed,
      appliesTo: 'all',
    }),
    source: EFFORT_SURVEYS,
  })),
  ...['hybrid', 'staff_augmentation'].map((model) =>
    placeholder({
      id: `${model}.recruiting`,
      claim: 'rec: fee per augmented engineer beyond the bill rate',
      value: 0,
      unit: 'USD per hire',
      allowed: 'non_negative',
      appliesTo: model,
    }),
  ),
  {
    ...placeholder({
      id: 'hybrid.architect_salary',
      claim: "The architect's salary",
      value: 156_000,
      unit: 'USD per year',
      allowed: 'positive',
      appliesTo: 'hybrid',
    }),
    source: `${PLACEHOLDER} Until then the top of C3.`,
  },
  placeholder({
    id: 'hybrid.architect_share',
    claim: "phi: the architect's share of one seat spent on delivery",
    value: 0.6,
    unit: 'share',
    allowed: 'share',
    appliesTo: 'hybrid',
  }),
  ...modelFigures('hybrid', {
    months_to_start: 0.5,
    ramp_months: 1,
    day_one_productivity: 0.5,
    rework: 0.05,
    annual_exits: 0.2,
    management: 0,
    equipment: 0,
  }),
  ...[
    { model: 'in_house', who: 'each seat' },
    { model: 'hybrid', who: 'the architect' },
  ].flatMap(({ model, who }) => [
    placeholder({
      id: `${model}.bench_months`,
      claim: `Months for which ${who} is paid after delivery, before the next project`,
      value: 0,
      unit: 'months',
      allowed: 'non_negative',
      appliesTo: model,
    }),
    placeholder({
      id: `${model}.severance_months`,
      claim: `Severance of ${who} after the project, in months of salary`,
      value: 0,
      unit: 'months of salary',
      allowed: 'non_negative',
      appliesTo: model,
    }),
  ]),
  ...modelFigures('staff_augmentation', {
    months_to_start: 0.5,
    ramp_months: 1,
    day_one_productivity: 0.5,
    rework: 0.08,
    annual_exits: 0.2,
    management: 0.12,
    equipment: 0,
  }),
];
