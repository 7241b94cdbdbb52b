import { readCsv, readPdfs } from '../libs/estimate-export/fixtures/read-exports';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

let api: TestApi;
let manager: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  manager = await api.signIn('recruiter');
});
afterAll(() => api.close());

const UNKNOWN_ID = '0199c000-0000-7000-8000-000000000000';

async function estimate(input: object = {}): Promise<{ id: string; models: { model: string; total: number }[] }> {
  const body = { name: 'Größe "漢字"', project: { hours: 2700, seats: 3 }, simulation: { draws: 500, seed: 3 }, ...input };
  return (await manager.post('/estimates', body).expect(201)).body;
}

async function file(client: TestClient, id: string, format: string): Promise<{ bytes: Buffer; headers: Record<string, string> }> {
  const { body, headers } = await client
    .get(`/estimates/${id}/export?format=${format}`)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    })
    .expect(200);
  return { bytes: body as Buffer, headers };
}

describe('an exported estimate', () => {
  it('is a table whose lines sum to the totals that were answered', async () => {
    const { id, models } = await estimate();
    const { bytes, headers } = await file(manager, id, 'csv');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="Gro_e _, cost estimate \d{4}-\d\d-\d\d\.csv"; filename\*=UTF-8''Gr%C3%B6%C3%9Fe%20%E6%BC%A2%E5%AD%97%2C%20cost%20estimate/,
    );
    const rows = readCsv(bytes.toString('utf8'));
    for (const { model, total } of models) {
      const cents = rows
        .filter((row) => row.section === 'line' && row.model === model)
        .reduce((sum, { value }) => sum + Math.round(Number(value) * 100), 0);
      expect(cents).toBe(Math.round(total * 100));
    }
    expect(rows.find(({ section, item }) => section === 'estimate' && item === 'id')?.note).toBe(id);
  });

  it('is one page with the totals that were answered', async () => {
    const { id, models } = await estimate({
      need: { role: 'Senior', seats: 2, scope: { teamSize: 2, months: 4 } },
      project: undefined,
    });
    const { bytes, headers } = await file(manager, id, 'pdf');
    expect([headers['content-type'], headers['content-length']]).toEqual(['application/pdf', String(bytes.length)]);
    const [pdf] = readPdfs([bytes]);
    expect(pdf?.pages).toBe(1);
    for (const { total } of models) expect(pdf?.text).toContain(total.toLocaleString('en-US', { minimumFractionDigits: 2 }));
    expect(pdf?.text).toContain(id);
  });

  it('is the same file each time, sent once, and another when it is renamed', async () => {
    const { id } = await estimate();
    const first = await file(manager, id, 'pdf');
    const second = await file(manager, id, 'pdf');
    expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
    const etag = first.headers.etag as string;
    expect(first.headers['cache-control']).toBe('private, no-cache');
    await manager.get(`/estimates/${id}/export?format=pdf`).set('If-None-Match', etag).expect(304);
    await manager.patch(`/estimates/${id}`, { name: 'Another name' }).expect(200);
    await manager.get(`/estimates/${id}/export?format=pdf`).set('If-None-Match', etag).expect(200);
  });

  it('is made for many at once', async () => {
    const { id } = await estimate();
    const files = await Promise.all(Array.from({ length: 8 }, (_, index) => file(manager, id, index % 2 ? 'pdf' : 'csv')));
    expect(new Set(files.map(({ headers }) => headers.etag)).size).toBe(2);
  });

  it.each(['', '?format=', '?format=xlsx', '?format=pdf&format=csv'])(
    'is refused in a format that nobody knows: %j',
    async (query) => {
      const { id } = await estimate();
      const { body } = await manager.get(`/estimates/${id}/export${query}`).expect(400);
      expect(body).toMatchObject({ code: 'invalid-input', errors: [{ path: 'format' }] });
    },
  );

  it('is not made up for an estimate from before estimates were simulated', async () => {
    const { id } = await estimate();
    await sql(api.database.adminUrl, 'UPDATE cost_estimates SET input = NULL, report = NULL WHERE id = $1', [id]);
    const { body } = await manager.get(`/estimates/${id}/export?format=csv`).expect(409);
    expect(body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('make a rerun') });
  });

  it('is not given to strangers', async () => {
    const { id } = await estimate();
    const stranger = await api.signIn('recruiter', await api.createOrganisation());
    for (const client of [stranger, manager]) {
      const path = client === manager ? `/estimates/${UNKNOWN_ID}/export` : `/estimates/${id}/export`;
      expect((await client.get(`${path}?format=pdf`).expect(404)).body.code).toBe('not-found');
    }
    await api.client().get(`/estimates/${id}/export?format=pdf`).expect(401);
    await manager.get('/estimates/nonsense/export?format=pdf').expect(400);
  });
});
