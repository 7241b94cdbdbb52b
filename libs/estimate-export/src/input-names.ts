/** Short names of the inputs that one model has, by the end of their id. */
const FIGURES: Readonly<Record<string, string>> = {
  months_to_start: 'Months to start',
  ramp_months: 'Months to full speed',
  day_one_productivity: 'Productivity on day one',
  rework: 'Rework',
  annual_exits: 'People leaving',
  management: 'Management',
  equipment: 'Equipment',
  recruiting: 'Recruiting',
  bench_months: 'Bench afterwards',
  severance_months: 'Severance',
};

/** Names of the models where there is little room. */
export const SHORT_MODEL_NAMES: Readonly<Record<string, string>> = {
  freelance: 'freelance',
  in_house: 'in-house',
  hybrid: 'hybrid',
  staff_augmentation: 'staff augm.',
};

/** Short names of the others. */
const NAMES: Readonly<Record<string, string>> = {
  C1: 'C1: freelance rate',
  C2: 'C2: length of a freelance engagement',
  C3: 'C3: in-house salary',
  C4: 'C4: hybrid faster than in-house',
  C5: 'C5: in-house hiring pipeline',
  C6: 'C6: start of augmented engineers',
  C7: 'C7: augmentation below in-house',
  C9: 'C9: saving of Django over Flask',
  partner_rate: 'Partner rate',
  effort: 'Overrun of the hours',
  exits: 'People who leave',
  'effort.ln_mean': 'Overrun of the hours, ln-mean',
  'effort.ln_deviation': 'Overrun of the hours, ln-deviation',
  worked_hours_per_year: 'Hours worked in a year',
  vacancy_cost: 'Empty seat beyond the tolerated delay',
  'in_house.recruiting_share': 'Recruiting an employee',
  'hybrid.architect_salary': 'Salary of the architect',
  'hybrid.architect_share': 'Share of the architect on delivery',
  employer_load: 'Employer cost on the salary',
};

/** What an input is called where there is little room, and the model whose own it is. What has no short name keeps its own words. */
export function inputName(id: string, claim: string): { readonly name: string; readonly model: string | null } {
  const [of = '', figure = ''] = id.split('.');
  const [model, ofModel] = [SHORT_MODEL_NAMES[of], FIGURES[figure]];
  if (model !== undefined && ofModel !== undefined) return { name: ofModel, model };
  const words = claim.replace(/^\p{L}\w{0,2}: /u, '');
  return { name: NAMES[id] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`, model: null };
}

/** As {@link inputName}, in one piece: `Rework, in-house`. */
export function fullInputName(id: string, claim: string): string {
  const { name, model } = inputName(id, claim);
  return model === null ? name : `${name}, ${model}`;
}
