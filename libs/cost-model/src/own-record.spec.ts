import fc from 'fast-check';
import { type Assumption, pointOf } from './assumption';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { estimateProject } from './estimate';
import { overrideAssumptions } from './override-assumptions';
import type { OwnRecord } from './own-record';
import { claimsAgainstRecord } from './own-record-claims';
import { type Proposals, proposeAssumptions } from './own-record-proposals';
import { HIRING_MODELS, parseProject } from './project';
import { randomStream } from './simulation/random';
import { simulate } from './simulation/simulate';
import { normalQuantile } from './simulation/special-functions';

let made = 0;
function record(fields: Partial<OwnRecord> = {}): OwnRecord {
  made += 1;
  return {
    estimateId: `estimate-${made}`,
    model: 'freelance',
    seats: 3,
    startsTogether: true,
    hours: 2700,
    expectedHours: 3000,
    hourlyLoad: 0.0007,
    cost: 300_000,
    deliveryMonths: 8,
    monthsToStart: null,
    workedHours: null,
    hourlyRate: null,
    annualSalary: null,
    exits: null,
    day: '2026-03-31',
    isDayOfDelivery: true,
    ...fields,
  };
}
const proposalOf = ({ proposals }: Proposals, id: string) => proposals.find((each) => each.id === id);
const withheldOf = ({ withheld }: Proposals, id: string) => withheld.find((each) => each.id === id);

describe('proposals', () => {
  const RATES = [62, 88, 70, 74, 79.5, 66, 71];

  test('of a range are lowest, median and highest, with n, method and reason', () => {
    const records = RATES.map((hourlyRate, index) => record({ hourlyRate, day: `2026-0${index + 2}-15` }));
    const made = proposeAssumptions(records);
    expect(proposalOf(made, 'C1')).toEqual({
      id: 'C1',
      records: 7,
      override: {
        ...{ id: 'C1', low: 62, mode: 71, high: 88, reading: 'mode' },
        reason:
          'Own record: lowest 62, median 71 and highest 88 of 7 recorded hires (hourly rates of freelancers), delivered 2026-02 to 2026-08.',
      },
      // Order statistics 1 and 7: 1 - 2 / 2^7 = 98.4%.
      interval: [62, 88],
      method: expect.stringContaining('Conover'),
      estimateIds: records.map(({ estimateId }) => estimateId),
    });
  });

  test('of few records are withheld, saying how many are needed', () => {
    const four = proposeAssumptions(RATES.slice(0, 4).map((hourlyRate) => record({ hourlyRate })));
    expect(four.proposals).toEqual([]);
    expect(withheldOf(four, 'C1')).toMatchObject({
      records: 4,
      why: '4 recorded hires tell hourly rates of freelancers; at least 5 are needed.',
    });
    expect(withheldOf(four, 'C3')?.records).toBe(0);
    expect(four.withheld).toHaveLength(14);
  });

  test('read each figure from the models that it applies to', () => {
    const records = HIRING_MODELS.flatMap((model, index) =>
      [1, 2, 3, 4, 5].map((step) =>
        record({
          model,
          hourlyRate: 10 * (index + 1) + step,
          annualSalary: 1000 * (index + 1) + step,
          monthsToStart: index + step / 10,
        }),
      ),
    );
    const made = proposeAssumptions(records);
    const overrides = Object.fromEntries(made.proposals.map(({ id, override }) => [id, override]));
    expect(overrides.C1).toMatchObject({ low: 11, mode: 13, high: 15 });
    expect(overrides.C3).toMatchObject({ low: 2001, mode: 2003, high: 2005 });
    // The hybrid's 31 to 35 and the partner's 41 to 45.
    expect(overrides.partner_rate).toMatchObject({ low: 31, mode: 38, high: 45 });
    expect(overrides['hybrid.architect_salary']).toMatchObject({ value: 3003 });
    expect(overrides['freelance.months_to_start']).toMatchObject({ low: 0.1, mode: 0.3, high: 0.5 });
    expect(overrides.C5).toMatchObject({ low: 1.1, mode: 1.3, high: 1.5 });
    expect(overrides['hybrid.months_to_start']).toMatchObject({ mode: 2.3 });
    expect(overrides['staff_augmentation.months_to_start']).toMatchObject({ mode: 3.3 });
  });

  test('of effort follow ln(worked / expected hours), the deviation widened for few', () => {
    // By hand: ln of these is 0.1, 0.35, -0.05, 0.6, 0.22, 0.48.
    const ratios = [0.1, 0.35, -0.05, 0.6, 0.22, 0.48];
    const made = proposeAssumptions(ratios.map((ratio) => record({ workedHours: 3000 * Math.exp(ratio) })));
    const [centre, deviation] = [proposalOf(made, 'effort.ln_mean'), proposalOf(made, 'effort.ln_deviation')];
    expect(centre?.override.value).toBe(0.2833);
    // scipy 1.17.1: 0.2417160869 * sqrt(7 / 6) * stats.t.ppf(0.9, 5) / stats.norm.ppf(0.9)
    expect(deviation?.override.value).toBe(0.3007);
    expect(centre?.interval?.[0]).toBeCloseTo(0.02966785700337038, 10);
    expect(deviation?.interval?.[1]).toBeCloseTo(0.592836255990218, 10);
    expect(deviation?.override.reason).toContain('standard deviation 0.2417');
    expect(deviation?.override.reason).toContain('6 recorded hires');
  });

  test('of effort leave out estimates that kept no hours', () => {
    const records = Array.from({ length: 6 }, () => record({ workedHours: 3300, expectedHours: null }));
    expect(withheldOf(proposeAssumptions(records), 'effort.ln_mean')?.records).toBe(0);
  });

  test('of exits are exits by seat-years, once there are enough of both', () => {
    // 3 seats for 8 - 2 = 6 months are 1.5 seat-years each.
    const made = (count: number) =>
      proposeAssumptions(Array.from({ length: count }, (_, index) => record({ monthsToStart: 2, exits: index < 3 ? 1 : 0 })));
    expect(withheldOf(made(6), 'freelance.annual_exits')?.why).toBe(
      '6 recorded hires tell exits, over 9 seat-years; at least 5 hires and 10 seat-years are needed.',
    );
    const proposal = proposalOf(made(8), 'freelance.annual_exits');
    expect(proposal?.override).toEqual({
      id: 'freelance.annual_exits',
      // 3.5 / 12
      value: 0.2917,
      reason: 'Own record: 3 exits in 12 seat-years of 8 recorded hires, delivered in 2026-03.',
    });
    // scipy 1.17.1: stats.chi2.ppf(0.025, 6) / 24, stats.chi2.ppf(0.975, 8) / 24
    expect(proposal?.interval?.[0]).toBeCloseTo(0.05155601024130011, 10);
    expect(proposal?.interval?.[1]).toBeCloseTo(0.7306060891451936, 10);
  });

  test('of exits never say never', () => {
    const none = Array.from({ length: 8 }, () => record({ monthsToStart: 2, exits: 0 }));
    expect(proposalOf(proposeAssumptions(none), 'freelance.annual_exits')).toMatchObject({
      override: { value: 0.0417 },
      interval: [0, expect.closeTo(0.3074, 4)],
    });
  });

  test('of exits count no architect and no team that ramps in', () => {
    const hybrid = Array.from({ length: 8 }, () => record({ model: 'hybrid', monthsToStart: 2, exits: 0 }));
    expect(withheldOf(proposeAssumptions(hybrid), 'hybrid.annual_exits')?.why).toContain('over 8 seat-years');
    const ramping = hybrid.map((each) => ({ ...each, startsTogether: false }));
    expect(withheldOf(proposeAssumptions(ramping), 'hybrid.annual_exits')?.records).toBe(0);
  });

  test('say when a day is that of the record only', () => {
    const records = RATES.map((hourlyRate) => record({ hourlyRate, isDayOfDelivery: hourlyRate !== 70 }));
    expect(proposalOf(proposeAssumptions(records), 'C1')?.override.reason).toContain('delivered or recorded in 2026-03');
  });

  test('are accepted as overrides whatever was recorded, and estimates follow them', () => {
    const amount = fc.double({ min: 0.01, max: 1e6, noNaN: true });
    const shapes = fc.array(
      fc.record({
        model: fc.constantFrom(...HIRING_MODELS),
        hourlyRate: amount,
        annualSalary: amount,
        workedHours: amount,
        monthsToStart: fc.double({ min: 0, max: 20, noNaN: true }),
        exits: fc.nat(20),
      }),
      { minLength: 5, maxLength: 40 },
    );
    fc.assert(
      fc.property(shapes, (given) => {
        const { proposals, withheld } = proposeAssumptions(given.map((fields) => record({ ...fields, deliveryMonths: 24 })));
        expect(proposals.length + withheld.length).toBe(14);
        const overridden = overrideAssumptions(
          DEFAULT_ASSUMPTIONS,
          proposals.map(({ override }) => override),
          'member 1',
        );
        for (const { override } of proposals) {
          const after = overridden.find(({ id }) => id === override.id) as Assumption;
          expect(pointOf(after)).toBe(override.mode ?? override.value);
          expect(after.overrideReason).toBe(override.reason);
        }
        expect(estimateProject(parseProject({ hours: 2700, seats: 3 }), overridden).models).toHaveLength(4);
      }),
    );
  });

  test('of effort foretell 80% of further projects, from as few as five', () => {
    const random = randomStream(11, 'projects');
    const overrun = () => 0.2 + 0.4 * normalQuantile(random());
    let inside = 0;
    const turns = 1200;
    for (let turn = 0; turn < turns; turn += 1) {
      const five = Array.from({ length: 5 }, () => record({ workedHours: 3000 * Math.exp(overrun()) }));
      const made = proposeAssumptions(five);
      const centre = proposalOf(made, 'effort.ln_mean')?.override.value as number;
      const deviation = proposalOf(made, 'effort.ln_deviation')?.override.value as number;
      if (Math.abs(overrun() - centre) <= deviation * normalQuantile(0.9)) inside += 1;
    }
    // Four standard errors are 0.046. Without the factor 69% would fall inside.
    expect(Math.abs(inside / turns - 0.8)).toBeLessThan(0.046);
  });

  test('of effort move the simulation', () => {
    const records = [0.02, -0.03, 0.01, 0, -0.01, 0.03].map((ratio) => record({ workedHours: 3000 * Math.exp(ratio) }));
    const overrides = proposeAssumptions(records).proposals.map(({ override }) => override);
    const width = (assumptions: readonly Assumption[]) => {
      const { models } = simulate(parseProject({ hours: 2700, seats: 3 }), assumptions, { draws: 2000, seed: 1 });
      const cost = models[0]?.cost;
      return (cost?.p90.value ?? 0) - (cost?.p10.value ?? 0);
    };
    const own = width(overrideAssumptions(DEFAULT_ASSUMPTIONS, overrides, 'member 1'));
    expect(own).toBeGreaterThan(0);
    expect(own).toBeLessThan(width(DEFAULT_ASSUMPTIONS) / 2);
  });
});

describe("vendors' claims beside the record", () => {
  const figuresOf = (records: readonly OwnRecord[], id: string) =>
    claimsAgainstRecord(records, DEFAULT_ASSUMPTIONS).find((claim) => claim.id === id)?.ownFigures ?? [];

  test('are all told, with source and claimed figure, also without any record', () => {
    const claims = claimsAgainstRecord([], DEFAULT_ASSUMPTIONS);
    expect(claims.map(({ id }) => id)).toEqual(['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11']);
    expect(claims.every(({ ownFigures }) => ownFigures.length === 0)).toBe(true);
    expect(claims[0]).toMatchObject({ claimedRange: [45, 95], evidence: 'rate_guide' });
    expect(claims[3]).toMatchObject({ claimed: 0.38, claimedRange: null, evidence: 'vendor' });
  });

  test('C4: hybrid against in-house per planned hour and seat', () => {
    // Seat-months per 1000 hours: hybrid 2 and 4.5 (geometric mean 3), in-house 6 and 6: 1 - 3 / 6.
    const planned = { seats: 2, hours: 1000 };
    const records = [
      record({ ...planned, model: 'hybrid', deliveryMonths: 1 }),
      record({ ...planned, model: 'hybrid', deliveryMonths: 2.25 }),
      record({ ...planned, model: 'in_house', deliveryMonths: 3 }),
      record({ seats: 1, hours: 500, model: 'in_house', deliveryMonths: 3 }),
    ];
    const [sooner, ...more] = figuresOf(records, 'C4');
    expect(sooner).toMatchObject({
      value: expect.closeTo(0.5, 12),
      unit: 'share',
      records: 2,
      baselineRecords: 2,
      tooEarly: true,
    });
    expect(sooner?.interval?.[0]).toBeLessThan(0.5);
    expect(sooner?.interval?.[1]).toBeGreaterThan(0.5);
    expect(sooner?.estimateIds).toHaveLength(4);
    expect(more).toEqual([]);
    const started = records.map((each) => ({ ...each, monthsToStart: each.deliveryMonths / 2 }));
    expect(figuresOf(started, 'C4').map(({ value }) => value)).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12)]);
  });

  test("C7: a partner's rate against the loaded hour of a salary, and total cost per planned hour", () => {
    const records = [
      ...[60, 60, 60].map((hourlyRate) => record({ model: 'staff_augmentation', hourlyRate, cost: 54_000, hours: 600 })),
      record({ model: 'hybrid', hourlyRate: 60 }),
      ...[100_000, 100_000].map((annualSalary) =>
        record({ model: 'in_house', annualSalary, hourlyLoad: 0.0008, cost: 120_000, hours: 600 }),
      ),
    ];
    const [rate, total] = figuresOf(records, 'C7');
    // 60 against 80; 90 against 200.
    expect(rate).toMatchObject({ value: expect.closeTo(0.25, 12), records: 4, baselineRecords: 2 });
    expect(rate?.interval?.[0]).toBeCloseTo(0.25, 12);
    expect(total).toMatchObject({ value: expect.closeTo(0.55, 12), records: 3, baselineRecords: 2 });
  });

  test('C6 and C8: months and days until augmented engineers started', () => {
    const records = [0.5, 1, 0.75, 2, 0.25, 1.5].map((monthsToStart, index) =>
      record({ model: index % 2 === 0 ? 'hybrid' : 'staff_augmentation', monthsToStart }),
    );
    expect(figuresOf(records, 'C6')[0]).toMatchObject({ value: 0.875, interval: [0.25, 2], records: 6, tooEarly: false });
    expect(figuresOf(records, 'C8')[0]).toMatchObject({ value: expect.closeTo(26.632, 3), unit: 'days' });
    expect(figuresOf([record({ monthsToStart: 1 })], 'C6')).toEqual([]);
  });

  test('C1, C2, C3 and C5 are medians', () => {
    const records = [
      record({ hourlyRate: 80, monthsToStart: 1, deliveryMonths: 5 }),
      record({ model: 'in_house', annualSalary: 110_000, monthsToStart: 3.5 }),
    ];
    for (const [id, value] of [
      ['C1', 80],
      ['C2', 4],
      ['C3', 110_000],
      ['C5', 3.5],
    ] as const) {
      expect(figuresOf(records, id)).toEqual([expect.objectContaining({ value, interval: null, records: 1, tooEarly: true })]);
    }
  });
});
