import { type Assumption, type AssumptionSet, isRange, pointOf } from './assumption';
import type { ModelParameters } from './formulas';
import { EstimateInputError } from './input-error';
import { type HiringModel, type Project, SENIORITIES } from './project';
import { stagesOf } from './ramp-in';

/** What differs between the models beyond the figures named after them. */
type OwnFigures = Pick<
  ModelParameters,
  | 'seats'
  | 'capacity'
  | 'stages'
  | 'monthsToStart'
  | 'engineerCost'
  | 'architectCost'
  | 'recruiting'
  | 'bench'
  | 'benchMonths'
  | 'severance'
  | 'workFactor'
>;

/**
 * Reads one model's figures from the assumptions, with the claims that are switched on (C4, C6 and C7 by the hour) applied.
 *
 * @throws EstimateInputError when a hybrid would have no capacity: a single seat whose architect delivers nothing
 */
export function modelParameters(model: HiringModel, project: Project, set: AssumptionSet): ModelParameters {
  const own = OWN_FIGURES[model](project, set);
  return {
    model,
    hoursPerMonth: hoursPerMonth(project, set),
    rampMonths: set.point(`${model}.ramp_months`),
    dayOneProductivity: set.point(`${model}.day_one_productivity`),
    rework: set.point(`${model}.rework`),
    annualExits: set.point(`${model}.annual_exits`),
    management: set.point(`${model}.management`),
    equipment: set.point(`${model}.equipment`),
    managerCost: set.point('manager_cost'),
    vacancyCost: set.point('vacancy_cost'),
    toleratedDelay: set.point('tolerated_delay'),
    ...own,
  };
}

/** h: the project's own figure, else the assumption. */
export function hoursPerMonth(project: Project, set: AssumptionSet): number {
  return project.hoursPerMonth ?? set.point('hours_per_month');
}

/**
 * Engineer-hours that the models work with per hour of the project: H / sum(q pi) for a seniority mix, and claim C9 when it is
 * switched on for a Flask project. C9 acts on hours only; cost and time both follow from them, so it is never counted twice.
 */
export function hoursFactor(project: Project, set: AssumptionSet): number {
  const mix = project.seniorityMix;
  const productivity =
    mix === null ? 1 : SENIORITIES.reduce((sum, seniority) => sum + mix[seniority] * set.point(`productivity.${seniority}`), 0);
  const c9 = project.framework === 'flask' ? set.enabledClaim('C9') : null;
  return 1 / productivity / (c9 === null ? 1 : 1 - (pointOf(c9) * project.builtInFeatures) / 6);
}

const OWN_FIGURES: Readonly<Record<HiringModel, (project: Project, set: AssumptionSet) => OwnFigures>> = {
  freelance: (project, set) => ({
    ...everySeat(project),
    monthsToStart: set.point('freelance.months_to_start'),
    engineerCost: priceOf(set.use('C1'), project) * (1 + set.point('freelance.platform_fee')),
    recruiting: set.point('freelance.recruiting'),
  }),
  in_house: (project, set) => ({
    ...everySeat(project),
    monthsToStart: set.point('C5'),
    engineerCost: employeeCost(priceOf(set.use('C3'), project), set),
    recruiting: priceOf(set.use('C3'), project) * set.point('in_house.recruiting_share'),
    ...afterProject('in_house', project.seats, priceOf(set.use('C3'), project), set),
  }),
  hybrid: (project, set) => {
    const seats = project.seats - 1;
    const architectShare = set.point('hybrid.architect_share');
    const architectSalary = set.point('hybrid.architect_salary');
    const capacity = seats + architectShare;
    if (capacity === 0) {
      throw new EstimateInputError([
        {
          path: 'assumptions.hybrid.architect_share',
          message: 'must be above 0 when the project has one seat, because the architect is then the only one who delivers.',
        },
      ]);
    }
    return {
      seats,
      capacity,
      stages: stagesOf(project, architectShare),
      monthsToStart: partnerStart('hybrid', set),
      engineerCost: priceOf(set.use('partner_rate'), project),
      architectCost: employeeCost(architectSalary, set),
      recruiting: set.point('hybrid.recruiting'),
      ...afterProject('hybrid', 1, architectSalary, set),
      workFactor: fasterWork(set),
    };
  },
  staff_augmentation: (project, set) => ({
    ...everySeat(project),
    monthsToStart: partnerStart('staff_augmentation', set),
    engineerCost: partnerRate(project, set),
    recruiting: set.point('staff_augmentation.recruiting'),
  }),
};

/** A model in which all seats are alike, and nobody stays after the project. */
function everySeat(project: Project): Omit<OwnFigures, 'monthsToStart' | 'engineerCost' | 'recruiting'> {
  const { seats } = project;
  const stages = stagesOf(project, null);
  return { seats, capacity: seats, stages, architectCost: null, bench: 0, benchMonths: 0, severance: 0, workFactor: 1 };
}

/**
 * What those whom the organisation employs cost once the project is delivered: for the bench months the employer's whole cost of a month,
 * and severance months of salary without the load, since no leave, insurance or pension accrues on it.
 */
function afterProject(
  model: 'in_house' | 'hybrid',
  employed: number,
  salary: number,
  set: AssumptionSet,
): Pick<OwnFigures, 'bench' | 'benchMonths' | 'severance'> {
  const benchMonths = set.point(`${model}.bench_months`);
  const bench = (employed * benchMonths * salary * set.point('employer_load')) / 12;
  return { bench, benchMonths, severance: (employed * set.point(`${model}.severance_months`) * salary) / 12 };
}

/** Assumptions whose low, mode and high are the prices of juniors, mid-levels and seniors. */
export const SENIORITY_PRICES: readonly string[] = ['C1', 'C3', 'partner_rate'];

/** The figure of an assumption that formulas take: prices averaged over the project's seniority mix, all else at its reading. */
export function usedFigure(assumption: Assumption, project: Project): number {
  return SENIORITY_PRICES.includes(assumption.id) ? priceOf(assumption, project) : pointOf(assumption);
}

/** A rate or salary: at the assumption's reading, or averaged over the seniority mix as low, mode and high of its range. */
function priceOf(assumption: Assumption, { seniorityMix }: Project): number {
  if (seniorityMix === null || !isRange(assumption)) return pointOf(assumption);
  return seniorityMix.junior * assumption.low + seniorityMix.mid * assumption.mode + seniorityMix.senior * assumption.high;
}

/** Employer's cost of an hour worked. The load is on the annual salary, so it is divided by hours worked, never by paid hours. */
function employeeCost(salary: number, set: AssumptionSet): number {
  return (salary * set.point('employer_load')) / set.point('worked_hours_per_year');
}

function partnerStart(model: HiringModel, set: AssumptionSet): number {
  const c6 = set.enabledClaim('C6');
  return c6 === null ? set.point(`${model}.months_to_start`) : pointOf(c6);
}

function partnerRate(project: Project, set: AssumptionSet): number {
  const c7 = set.enabledClaim('C7');
  if (c7?.reading !== 'loaded_hourly_rate') return priceOf(set.use('partner_rate'), project);
  return (1 - pointOf(c7)) * employeeCost(priceOf(set.use('C3'), project), set);
}

function fasterWork(set: AssumptionSet): number {
  const c4 = set.enabledClaim('C4');
  if (c4 === null) return 1;
  return c4.reading === 'work_divided_by_one_plus_claim' ? 1 / (1 + pointOf(c4)) : 1 - pointOf(c4);
}
