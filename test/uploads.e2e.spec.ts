import { gzipSync } from 'node:zlib';
import { buildTarGz, buildTarGzBomb, buildTarGzOfManyFiles, buildZip } from '@assay/archive/evil-archives';
import { packFiles } from '@assay/archive/pack-folder';
import { waitFor } from '@assay/testing/wait-for';
import { type CandidateAtWork, startedCandidate } from './support/candidate-at-work';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';

// What a candidate may send instead of a project. No worker runs: all of it is refused before anything is graded.
const SUBMISSIONS = '/candidate/evaluation/submissions';
const LINK = { name: 'secrets', linkname: '/etc/passwd' };

let api: TestApi;
let candidate: CandidateAtWork;
beforeAll(async () => {
  api = await startTestApi();
  candidate = await startedCandidate(api);
});
afterAll(() => api.close());

const manage = { name: 'manage.py', content: 'print(1)\n' };
const project = () => packFiles([{ path: 'manage.py', content: Buffer.from('print(1)\n') }]);

async function countSubmissions(): Promise<number> {
  const [row] = await sql<{ n: number }>(
    api.database.adminUrl,
    'SELECT count(*)::int AS n FROM submissions WHERE evaluation_id = $1',
    [candidate.evaluationId],
  );
  return Number(row?.n);
}

describe('an archive', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, string, string]>([
    ['with ../ in a path', () => buildTarGz([manage, { name: '../evil.py' }]), 'path-traversal', '../evil.py'],
    ['with ../ in a path, zip', () => buildZip([manage, { name: 'a/../../evil.py' }]), 'path-traversal', 'a/../../evil.py'],
    ['with an absolute path', () => buildTarGz([manage, { name: '/etc/evil' }]), 'path-absolute', '/etc/evil'],
    ['with an absolute path, zip', () => buildZip([manage, { name: '/etc/evil' }]), 'path-absolute', '/etc/evil'],
    ['with a symlink to /etc/passwd', () => buildTarGz([manage, { ...LINK, type: 'symlink' }]), 'link-entry', 'secrets'],
    [
      'with a symlink to /etc/passwd, zip',
      () => buildZip([manage, { name: 'secrets', mode: 0o120_777, content: '/etc/passwd' }]),
      'link-entry',
      'secrets',
    ],
    ['with a hard link', () => buildTarGz([manage, { ...LINK, type: 'link' }]), 'link-entry', 'secrets'],
    ['with a device', () => buildTarGz([manage, { name: 'zero', type: 'character-device' }]), 'special-entry', 'zero'],
    ['of 10 GB once unpacked', () => buildTarGzBomb(10 * 1024 ** 3), 'file-too-large', 'zeros.bin'],
    ['of 100,000 files', () => buildTarGzOfManyFiles(100_000), 'too-many-files', 'archive'],
    ['that is none', () => Buffer.from('<html>not an archive</html>'), 'not-an-archive', 'archive'],
    ['that is empty', () => Buffer.alloc(0), 'not-an-archive', 'archive'],
    ['that is cut off', async () => (await project()).subarray(0, 40), 'archive-corrupt', 'archive'],
    ['of noise', () => gzipSync(Buffer.alloc(4096, 0xa5)), 'archive-corrupt', 'archive'],
  ])('%s is refused, says why, and leaves nothing behind', async (_what, build, code, entry) => {
    const { body } = await upload(await build()).expect(422);
    expect(body).toMatchObject({ code: 'archive-refused', detail: expect.stringMatching(/\w+ .*\.$/) });
    expect(body.errors).toEqual([{ path: expect.stringContaining(entry), message: code }]);
    expect(await countSubmissions()).toBe(0);
  });

  it('without manage.py is taken: what it lacks is told with the grade', async () => {
    const one = await startedCandidate(api);
    const archive = await packFiles([{ path: 'README.md', content: Buffer.from('no project') }]);
    await one.client.post(SUBMISSIONS).attach('archive', archive, 'a.tar.gz').expect(202);
  });
});

describe('a request', () => {
  const boundary = 'limit';
  const part = (head: string, content = 'abc') => `--${boundary}\r\n${head}\r\n\r\n${content}\r\n--${boundary}--\r\n`;
  const FILE = 'Content-Disposition: form-data; name="archive"; filename="a.tar.gz"';

  const form = 'multipart/form-data; boundary=limit';

  it.each<[string, string, string]>([
    ['of JSON', 'application/json', '{"archive": "x"}'],
    ['of a bare archive', 'application/gzip', 'x'],
    ['of nothing', form, ''],
    ['without a boundary', 'multipart/form-data', part(FILE)],
    ['that is cut off', form, part(FILE).slice(0, -12)],
    ['with a part that has no head', form, part('nonsense')],
    ['with a part that has no name', form, part('Content-Disposition: form-data; filename="a"')],
    ['with text for a file', form, part('Content-Disposition: form-data; name="archive"')],
    ['with a field named __proto__', form, part(FILE.replace('archive', '__proto__'))],
    ['with a wrong field name', form, part(FILE.replace('"archive"', '"file"'))],
    ['with two files', form, part(FILE).replace(`--${boundary}--\r\n`, '') + part(FILE)],
  ])('%s is refused and told what to send', async (_what, type, content) => {
    const { body } = await send(type, content).expect(400);
    expect(body.code).toBe('malformed-request');
    expect(body.detail).toContain('one file in the multipart field "archive"');
    expect(await countSubmissions()).toBe(0);
  });

  it('of another multipart type is refused', async () => {
    expect((await send('multipart/mixed; boundary=limit', part(FILE)).expect(415)).body.code).toBe('unsupported-media-type');
  });

  it('that is too large is told the limit', async () => {
    const { body } = await upload(Buffer.alloc(10 * 1024 ** 2 + 1, 1)).expect(413);
    expect(body).toMatchObject({ code: 'payload-too-large', detail: expect.stringContaining('10 MiB') });
  });

  function send(type: string, content: string) {
    return candidate.client
      .post(SUBMISSIONS)
      .set('Content-Type', type)
      .serialize((body) => body as unknown as string)
      .send(content);
  }
});

it('a candidate follows an evaluation in a few windows, not in hundreds', async () => {
  const one = await startedCandidate(api);
  const { body } = await one.client
    .post(SUBMISSIONS)
    .attach('archive', await project(), 'a.tar.gz')
    .expect(202);
  const path = `${SUBMISSIONS}/${body.id}/events`;
  const open = () => fetch(`${api.url}/api/v1${path}`, { headers: { Authorization: `Bearer ${one.client.token}` } });
  const streams = [];
  for (let n = 0; n < 5; n += 1) streams.push(await open());
  expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect((await one.client.get(path).expect(429)).body.code).toBe('too-many-requests');
  for (const stream of streams) await stream.body?.cancel();
  await waitFor(
    async () => {
      const again = await open();
      await again.body?.cancel();
      return again.status === 200;
    },
    { what: 'room for another window' },
  );
});

function upload(archive: Buffer) {
  return candidate.client.post(SUBMISSIONS).attach('archive', archive, 'submission.tar.gz');
}
