import { sql } from './sql';
import type { TestApi } from './test-api';
import type { TestClient } from './test-client';

/** Few draws, so that an estimate is quick. */
export const SIMULATION = { draws: 200, seed: 7 };

export interface Estimate {
  readonly id: string;
  readonly name: string | null;
  readonly project: Record<string, unknown>;
  readonly models: readonly { model: string; total: number; deliveryMonths: number }[];
  readonly assumptions: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}

export interface ModelDifference {
  readonly model: string;
  readonly before: number;
  readonly after: number;
  readonly change: number;
  readonly causes: readonly { readonly inputId: string; readonly change: number; readonly deliveryMonths: number }[];
  readonly [field: string]: unknown;
}

export interface Comparison {
  readonly currency: string;
  readonly models: readonly ModelDifference[];
  readonly [field: string]: unknown;
}

/** Makes and compares estimates as one client. */
export class Estimator {
  constructor(private readonly client: TestClient) {}

  async estimate(input: object): Promise<Estimate> {
    return (await this.client.post('/estimates', { simulation: SIMULATION, ...input }).expect(201)).body;
  }

  async scenario(id: string, input: object): Promise<Estimate> {
    return (await this.client.post(`/estimates/${id}/scenarios`, { name: 'What if', ...input }).expect(201)).body;
  }

  async rerun(id: string, input: object = {}): Promise<Estimate> {
    return (await this.client.post(`/estimates/${id}/reruns`, input).expect(201)).body;
  }

  async compare(before: string, after: string): Promise<Comparison> {
    return (await this.client.get(`/estimates/${before}/comparison?with=${after}`).expect(200)).body;
  }

  /** Sends a wrong body; the answer names these fields. */
  async refused(path: string, body: object, fields: readonly string[]): Promise<void> {
    const answer = await this.client.post(path, body).expect(400);
    expect([...new Set(answer.body.errors?.map((error: { path: string }) => error.path))]).toEqual(fields);
  }
}

/** An amount of money in cents, or the sum of several. */
export function cents(...amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + Math.round(amount * 100), 0);
}

/** What a comparison says of one model. */
export function differenceOf({ models }: Comparison, model: string): ModelDifference {
  const found = models.find((each) => each.model === model);
  if (!found) throw new Error(`No ${model}.`);
  return found;
}

/**
 * An estimate as the API made it before it simulated: the worked example in-house, with an own salary.
 *
 * @param total of the model, in USD
 * @returns its id
 */
export async function insertOldEstimate(api: TestApi, total: number, months: number): Promise<string> {
  const { id: organisationId, members } = await api.organisation();
  const project = { hours: 2700, seats: 3, hoursPerMonth: null, seniorityMix: null, framework: 'django', builtInFeatures: 6 };
  const { body } = await (await api.signIn('recruiter')).get('/assumptions').expect(200);
  const salary = body.items.find((assumption: { id: string }) => assumption.id === 'C3');
  const own = { ...salary, low: 100_000, mode: 100_000, high: 100_000, overriddenBy: 'member x', overrideReason: 'Our bands' };
  const [row] = await sql<{ id: string }>(
    api.database.adminUrl,
    `INSERT INTO cost_estimates (organisation_id, name, project, assumptions, break_evens, claims, warnings, created_by)
     VALUES ($1, 'Old', $2, $3, '[]', '[]', '[]', $4) RETURNING id`,
    [organisationId, JSON.stringify({ ...project, models: ['in_house'] }), JSON.stringify([own]), members.recruiter.id],
  );
  await sql(
    api.database.adminUrl,
    `INSERT INTO cost_estimate_models (cost_estimate_id, organisation_id, model, total, currency, delivery_months, breakdown)
     VALUES ($1, $2, 'in_house', $3, 'USD', $4, '{"labour": 1}')`,
    [row?.id, organisationId, total, months],
  );
  return String(row?.id);
}
