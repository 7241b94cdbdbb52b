import type { EstimateInput } from '../estimate-input';
import { textOf } from './changed-inputs';
import { type InWords, valueInWords } from './in-words';

/** An input that moves no point estimate: how it is simulated, or what only advice and warnings are made from. */
export interface OtherChange extends InWords {
  readonly inputId: string;
  readonly effect: 'range' | 'words';
}

interface OtherInput {
  readonly inputId: string;
  readonly claim: string;
  readonly unit: string;
  readonly effect: OtherChange['effect'];
  readonly read: (input: EstimateInput) => unknown;
}

const OTHER_INPUTS: readonly OtherInput[] = [
  {
    inputId: 'simulation.draws',
    claim: 'Draws of the simulation',
    unit: 'draws',
    effect: 'range',
    read: (input) => input.simulation.draws,
  },
  {
    inputId: 'simulation.seed',
    claim: 'Seed of the simulation',
    unit: '',
    effect: 'range',
    read: (input) => `seed ${input.simulation.seed}`,
  },
  words('need.role', 'Who is looked for', (input) => input.need?.role),
  words('situation.isWellDefined', 'What is to be built is settled', (input) => input.situation.isWellDefined),
  words('situation.isCoreProduct', 'It is the product that the organisation lives on', (input) => input.situation.isCoreProduct),
  words(
    'situation.keepsArchitect',
    'The architecture stays with somebody of the organisation',
    (input) => input.situation.keepsArchitect,
  ),
  {
    ...words('situation.startWithinMonths', 'Somebody must have started within', (input) => input.situation.startWithinMonths),
    unit: 'months',
  },
  words('framework.needs', "Django's built-in groups that are needed, by name", (input) => named(input.frameworkNeed?.needs)),
  words('framework.flags', 'What speaks for Flask', (input) => named(input.frameworkNeed?.flags)),
];

/** Changed inputs of which the formulas know nothing, in words. */
export function otherChanges(before: EstimateInput, after: EstimateInput): OtherChange[] {
  return OTHER_INPUTS.filter(({ read }) => textOf(read(before)) !== textOf(read(after))).map(
    ({ inputId, claim, unit, effect, read }) => ({
      ...{ inputId, claim, effect },
      before: valueInWords(read(before), unit),
      after: valueInWords(read(after), unit),
    }),
  );
}

function words(inputId: string, claim: string, read: OtherInput['read']): OtherInput {
  return { inputId, claim, unit: '', effect: 'words', read };
}

function named(names: readonly string[] | undefined): readonly string[] | null {
  return names === undefined ? null : [...names].sort().map((name) => name.replaceAll('_', ' '));
}
