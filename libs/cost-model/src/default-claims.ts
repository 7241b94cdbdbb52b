import { type Assumption, RANGE_READINGS } from './assumption';

const VENDOR = 'Boundev, "Django vs Flask: why Django developers are the strategic hire", February 2026';
const NOT_OVERRIDDEN = { retrieved: '2026-11-22', overriddenBy: null, overrideReason: null } as const;

/** A range that the vendor's guide quotes and the model's inputs start from. */
const quotedRange = {
  ...NOT_OVERRIDDEN,
  role: 'input',
  baseline: null,
  readings: RANGE_READINGS,
  evidence: 'rate_guide',
  source: VENDOR,
  enabled: true,
} as const;

/** A vendor's marketing figure: off until a person switches it on and says why. */
const vendorClaim = { ...NOT_OVERRIDDEN, role: 'claim', evidence: 'vendor', source: VENDOR, enabled: false } as const;

/** A vendor's figure that is shown and never calculated with. */
const displayed = {
  ...vendorClaim,
  role: 'display',
  appliesTo: 'all',
  reading: 'display_only',
  readings: ['display_only'],
} as const;

/** C1 to C11 as published. `share` figures are fractions of 1. */
export const DEFAULT_CLAIMS: readonly Assumption[] = [
  {
    ...quotedRange,
    id: 'C1',
    claim: 'A freelance Django developer costs USD 45-95 per hour',
    low: 45,
    mode: 70,
    high: 95,
    unit: 'USD per hour',
    allowed: 'positive',
    appliesTo: 'freelance',
    reading: 'high',
  },
  {
    ...quotedRange,
    id: 'C2',
    claim: 'Freelance fits engagements of 1-3 months (a warning outside it)',
    low: 1,
    mode: 2,
    high: 3,
    unit: 'months',
    allowed: 'positive',
    appliesTo: 'freelance',
    reading: 'mode',
  },
  {
    ...quotedRange,
    id: 'C3',
    claim:
      'A full-time Django developer in the US earns USD 85,700-156,000 per year (the source calls 85,700 the average elsewhere)',
    low: 85_700,
    mode: 120_850,
    high: 156_000,
    unit: 'USD per year',
    allowed: 'positive',
    appliesTo: 'in_house',
    reading: 'mode',
  },
  {
    ...vendorClaim,
    id: 'C4',
    claim: 'A hybrid team completes 38% faster',
    value: 0.38,
    unit: 'share',
    allowed: 'share_below_one',
    appliesTo: 'hybrid',
    baseline: 'not stated by the source; compared with in_house here',
    reading: 'work_times_one_minus_claim',
    readings: ['work_times_one_minus_claim', 'work_divided_by_one_plus_claim'],
  },
  {
    ...quotedRange,
    id: 'C5',
    claim: 'An in-house hiring pipeline takes 3-5 months',
    low: 3,
    mode: 4,
    high: 5,
    unit: 'months to start',
    allowed: 'non_negative',
    appliesTo: 'in_house',
    reading: 'mode',
  },
  {
    ...vendorClaim,
    id: 'C6',
    claim: 'Augmented engineers join within days (read as one week, a quarter of a month)',
    value: 0.25,
    unit: 'months to start',
    allowed: 'non_negative',
    appliesTo: 'hybrid, staff_augmentation',
    baseline: null,
    reading: 'months_to_start',
    readings: ['months_to_start'],
  },
  {
    ...vendorClaim,
    id: 'C7',
    claim: 'Staff augmentation costs 41% less than a full-time domestic hire',
    value: 0.41,
    unit: 'share',
    allowed: 'share_below_one',
    appliesTo: 'staff_augmentation',
    baseline: 'in_house',
    reading: 'loaded_hourly_rate',
    readings: ['loaded_hourly_rate', 'total_cost'],
  },
  {
    ...displayed,
    id: 'C8',
    claim: 'A candidate is introduced within 48 hours (an introduction, not a start date)',
    value: 48,
    unit: 'hours',
    allowed: 'non_negative',
    appliesTo: 'staff_augmentation',
    baseline: null,
  },
  {
    ...vendorClaim,
    id: 'C9',
    claim: 'Django saves 31% of development cost (elsewhere: time) against Flask when all built-in features are needed',
    value: 0.31,
    unit: 'share',
    allowed: 'share_below_one',
    appliesTo: 'all',
    baseline: 'Flask',
    reading: 'hours',
    readings: ['hours'],
  },
  {
    ...displayed,
    id: 'C10',
    claim: 'Django projects have 43% fewer security bugs in production',
    value: 0.43,
    unit: 'share',
    allowed: 'share',
    baseline: 'Flask',
  },
  {
    ...displayed,
    id: 'C11',
    claim: 'Python powers 47.3% of backend web development',
    value: 0.473,
    unit: 'share',
    allowed: 'share',
    baseline: null,
  },
];
