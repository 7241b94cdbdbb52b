import { createServer, connect as openSocket, type Socket } from 'node:net';
import { packFiles } from '@assay/archive/pack-folder';
import { waitFor } from '@assay/testing/wait-for';
import { type CandidateAtWork, inviteCandidate, startedCandidate } from './support/candidate-at-work';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const SUBMISSIONS = '/candidate/evaluation/submissions';
const project = (code: string) => packFiles([{ path: 'manage.py', content: Buffer.from(code) }]);

function upload(candidate: CandidateAtWork, archive: Buffer, key: string) {
  return candidate.client.post(SUBMISSIONS).set('Idempotency-Key', key).attach('archive', archive, 'a.tar.gz');
}

describe('an upload with an Idempotency-Key', () => {
  it('is told from another file of the same length', async () => {
    const candidate = await startedCandidate(api, { attemptsAllowed: 2 });
    const archive = await project('print(1)\n');
    const other = Buffer.from(archive);
    other[4] = 255 - (other[4] as number); // a byte of the time in the gzip header: still an archive
    await upload(candidate, archive, 'file').expect(202);
    expect((await upload(candidate, other, 'file').expect(422)).body.code).toBe('idempotency-key-reused');
    const { items } = (await (await api.signIn('lead')).get(`/evaluations/${candidate.evaluationId}/submissions`)).body;
    expect(items).toHaveLength(1);
  });

  it('is the same however the file is wrapped', async () => {
    const candidate = await startedCandidate(api);
    const archive = await project('print(2)\n');
    const send = (boundary: string) =>
      candidate.client
        .post(SUBMISSIONS)
        .set({ 'Idempotency-Key': 'wrapped', 'Content-Type': `multipart/form-data; boundary=${boundary}` })
        .serialize((body) => body)
        .send(multipart(boundary, archive) as unknown as string)
        .expect(202);
    const first = await send('short');
    const second = await send('a-much-longer-boundary');
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it('belongs to one evaluation of the candidate', async () => {
    const first = await startedCandidate(api);
    const archive = await project('print(3)\n');
    const { candidateId } = first;
    const second = await startedCandidate(api, { candidateId });
    const one = await upload(first, archive, 'mine').expect(202);
    const other = await upload(second, archive, 'mine').expect(202);
    expect(one.body.evaluationId).toBe(first.evaluationId);
    expect(other.body.evaluationId).toBe(second.evaluationId);
  });

  it('holds no connection to the database while it arrives, however slowly', async () => {
    const candidate = await startedCandidate(api);
    const sockets: Socket[] = [];
    try {
      for (let n = 0; n < 2 * api.config.databaseConnections; n += 1) sockets.push(beginUpload(candidate, `slow-${n}`));
      await waitFor(async () => (await openConnections()) >= sockets.length, { what: 'the uploads to begin' });
      for (let n = 0; n < 3; n += 1) await (await api.signIn('owner')).get('/candidates').expect(200);
      const idle = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`;
      await waitFor(async () => (await sql(api.database.adminUrl, idle)).length === 0, { what: 'no open transaction' });
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
});

describe('an invitation with an Idempotency-Key', () => {
  it('says again whether it was mailed', async () => {
    const { evaluationId } = await inviteCandidate(api);
    const recruiter = await api.signIn('recruiter');
    const send = () => recruiter.post(`/evaluations/${evaluationId}/invite`).set('Idempotency-Key', 'mailed').expect(201);
    const first = await send();
    expect(first.body).toMatchObject({ mailed: true, inviteUrl: expect.stringContaining('#invite_') });
    expect((await send()).body).toEqual({ ...first.body, inviteUrl: null });
  });

  it('is committed before the mail goes out, so that a slow mail server holds nobody up', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((listening) => mute.listen(0, '127.0.0.1', listening));
    const address = mute.address() as { port: number };
    const slow = await startTestApi({ mailUrl: `smtp://127.0.0.1:${address.port}`, databaseConnections: 2 });
    try {
      const recruiter = await slow.signIn('recruiter');
      const candidate = await recruiter.post('/candidates', { name: 'A', email: 'a@example.test' }).expect(201);
      const evaluation = await recruiter
        .post('/evaluations', { candidateId: candidate.body.id, taskSlug: 'bookshop' })
        .expect(201);
      const invite = () => recruiter.post(`/evaluations/${evaluation.body.id}/invite`).set('Idempotency-Key', 'slow');
      const invited = invite().then((answer) => answer);
      await waitFor(() => sockets.length > 0, { what: 'the mail to be sent' });
      await recruiter.post('/candidates', { name: 'B', email: 'b@example.test' }).expect(201);
      expect((await recruiter.get(`/evaluations/${evaluation.body.id}`).expect(200)).body.status).toBe('invited');
      expect((await invite().expect(201)).body).toMatchObject({ inviteUrl: null, mailed: false });
      for (const socket of sockets) socket.destroy();
      expect((await invited).body).toMatchObject({ inviteUrl: expect.stringContaining('#invite_'), mailed: false });
    } finally {
      for (const socket of sockets) socket.destroy();
      mute.close();
      await slow.close();
    }
  });
});

it('keys older than a day are thrown away', async () => {
  const owner = await api.signIn('owner');
  const make = (key: string) =>
    owner
      .post('/api-keys', { name: 'K', scopes: ['tasks:read'] })
      .set('Idempotency-Key', key)
      .expect(201);
  await make('yesterday');
  await sql(
    api.database.adminUrl,
    `UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'yesterday'`,
  );
  await make('today');
  const kept = await sql<{ key: string }>(
    api.database.adminUrl,
    `SELECT key FROM idempotency_keys WHERE key IN ('yesterday', 'today')`,
  );
  expect(kept).toEqual([{ key: 'today' }]);
});

function multipart(boundary: string, content: Buffer): Buffer {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="archive"; filename="a.tar.gz"\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

/** Sends the beginning of an upload and then nothing more. */
function beginUpload(candidate: CandidateAtWork, key: string): Socket {
  const { hostname, port } = new URL(api.url);
  const socket = openSocket(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(
    `POST /api/v1${SUBMISSIONS} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${candidate.client.token}\r\nIdempotency-Key: ${key}\r\n` +
      'Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n' +
      '--x\r\nContent-Disposition: form-data; name="archive"; filename="a.tar.gz"\r\n\r\nabc',
  );
  return socket;
}

function openConnections(): Promise<number> {
  return new Promise((resolve, reject) => {
    api.app.getHttpServer().getConnections((error: Error | null, count: number) => (error ? reject(error) : resolve(count)));
  });
}
