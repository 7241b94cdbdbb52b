import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { REPORT_FORMATS } from '@assay/api/report-exports/report-file';
import type { TestProcess } from '@assay/testing/test-process';
import { waitFor } from '@assay/testing/wait-for';
import { CANARIES, makeCanaryPacks, REPORTED, SHOWN, TELLING_PROJECTS } from './support/canary-pack';
import { type CandidateAtWork, startedCandidate } from './support/candidate-at-work';
import { startGradingWorker } from './support/grading-worker';
import { type Route, routeTable } from './support/route-table';
import { startTestApi, type TestApi } from './support/test-api';
import type { TinyPacks } from './support/tiny-pack';

/*
 * Walks everything that a candidate can get to read, after real grades of projects that tell all they learn, and looks for what is hidden.
 * A new route is walked of itself; one that needs a parameter or a body must be given a way below, else the first test fails.
 */
const SUBMISSIONS = '/candidate/evaluation/submissions';
const PRACTICE = '/candidate/evaluation/practice-runs';
const SETTLED = ['graded', 'ungradable', 'timed_out', 'infra_fault', 'cancelled'];
const PRACTISED = ['finished', 'unstartable', 'timed_out', 'infra_fault', 'cancelled'];

interface Seen {
  readonly what: string;
  readonly text: string;
}

/** Everything the API writes to its log, as it writes it. */
const log: string[] = [];
let packs: TinyPacks;
let api: TestApi;
let worker: TestProcess;
let candidate: CandidateAtWork;
/** By project, in the order in which they were handed in. */
const submissionIds: string[] = [];
const practiceIds: string[] = [];
const seen: Seen[] = [];

beforeAll(async () => {
  packs = await makeCanaryPacks();
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    log.push(String(chunk));
    return true;
  });
  api = await startTestApi({ taskPacks: packs.root, logLevel: 'info' });
  worker = await startGradingWorker(api.queueStore.url, { TASK_PACKS: packs.root });
  candidate = await startedCandidate(api, { taskSlug: 'tiny-notes' });
}, 180_000);
afterAll(async () => {
  await worker?.kill();
  await api?.close();
  await packs?.remove();
  jest.restoreAllMocks();
});

/** Sends a request as it is, and keeps all of the answer. */
async function ask(
  method: string,
  path: string,
  options: { token?: string | null; body?: object } = {},
): Promise<Response & { kept: string }> {
  const token = options.token === undefined ? candidate.client.token : options.token;
  const answer = await fetch(`${api.url}${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(options.body && { 'content-type': 'application/json' }),
    },
    ...(options.body && { body: JSON.stringify(options.body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString('latin1') : bytes.toString('utf8');
  const kept = [String(answer.status), ...[...answer.headers].map(([name, value]) => `${name}: ${value}`), text].join('\n');
  seen.push({ what: `${method} ${path}`, text: kept });
  return Object.assign(answer, { kept });
}

const candidatePath = (path: string): string => `/api/v1${path}`;

/** How the routes are asked that need a parameter or a body to answer as they should. */
const WAYS: Readonly<Record<string, () => Promise<unknown>>> = {
  'POST /api/v1/auth/login': () =>
    ask('POST', '/api/v1/auth/login', { body: { email: 'nobody@example.test', password: 'x'.repeat(12) } }),
  'POST /api/v1/auth/refresh': () => ask('POST', '/api/v1/auth/refresh', { body: { refreshToken: candidate.token } }),
  'POST /api/v1/auth/logout': () => ask('POST', '/api/v1/auth/logout', { body: { refreshToken: candidate.token } }),
  'POST /api/v1/candidate/session': () =>
    ask('POST', '/api/v1/candidate/session', { body: { token: candidate.token }, token: null }),
  'GET /api/v1/candidate/evaluation/feedback': async () => {
    for (const format of [...REPORT_FORMATS, 'nonsense'])
      await ask('GET', candidatePath(`/candidate/evaluation/feedback?format=${format}`));
  },
  'POST /api/v1/candidate/evaluation/submissions': () => ask('POST', candidatePath(SUBMISSIONS), { body: {} }),
  'GET /api/v1/candidate/evaluation/submissions/:id': () => eachOwn(SUBMISSIONS, ''),
  'GET /api/v1/candidate/evaluation/submissions/:id/events': () => eachOwn(SUBMISSIONS, '/events'),
  'POST /api/v1/candidate/evaluation/practice-runs': () => ask('POST', candidatePath(PRACTICE), { body: {} }),
  'GET /api/v1/candidate/evaluation/practice-runs/:id': () => eachOwn(PRACTICE, ''),
  'GET /api/v1/candidate/evaluation/practice-runs/:id/events': () => eachOwn(PRACTICE, '/events'),
};

async function eachOwn(resource: string, end: string): Promise<void> {
  const own = resource === PRACTICE ? practiceIds : submissionIds;
  for (const id of [...own, randomUUID(), candidate.evaluationId, 'x'])
    await ask('GET', candidatePath(`${resource}/${id}${end}`));
}

/** Asks every route there is as the candidate, each of those in `WAYS` in its own way. @returns routes that answered, but need a way */
async function walk(): Promise<readonly string[]> {
  const wayless: string[] = [];
  for (const route of routeTable(api.app)) {
    const name = `${route.method} ${route.path}`;
    await WAYS[name]?.();
    const { status } = await askPlainly(route);
    const isRefused = status === 401 || status === 403;
    // Outside of the versioned API a 404 is all there is: of pages that are not there, and of other methods than GET.
    const isAnswered = status < 300 || (status === 404 && !route.path.startsWith('/api/v1/'));
    if (!isRefused && !isAnswered && !WAYS[name]) wayless.push(`${name} (${status})`);
  }
  return wayless;
}

function askPlainly({ method, path }: Route): Promise<Response> {
  const url = path.replaceAll(/[:*][A-Za-z]+|\{[^}]*\}/g, randomUUID());
  return ask(method, url, method === 'GET' || method === 'HEAD' ? {} : { body: {} });
}

/** A canary as it may also stand in a text: inside of base64, at each of the three offsets. */
function formsOf(canary: string): readonly string[] {
  const encoded = [0, 1, 2].map((offset) => {
    const text = Buffer.from(`${'x'.repeat(offset)}${canary}`)
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last sign may hold bits of what stands beside.
    return text.slice(offset === 0 ? 0 : offset + 1, -1);
  });
  return [canary, [...canary].reverse().join(''), Buffer.from(canary).toString('hex'), ...encoded];
}

/** Where a word was seen, in one line each. */
function placesOf(words: readonly string[], where: readonly Seen[] = seen): readonly string[] {
  return words.flatMap((word) =>
    formsOf(word).flatMap((form) =>
      where
        .filter(({ text }) => text.toLowerCase().includes(form.toLowerCase()))
        .map(
          ({ what, text }) => `${word} in ${what}: ${text.slice(Math.max(0, text.indexOf(form) - 80), text.indexOf(form) + 80)}`,
        ),
    ),
  );
}

async function submit(files: Readonly<Record<string, string>>): Promise<string> {
  const archive = await packs.archive(files);
  const { body } = await candidate.client.post(SUBMISSIONS).attach('archive', archive, 'a.tar.gz').expect(202);
  submissionIds.push(body.id);
  // The stream ends with the grade, so that everything it says is heard.
  await ask('GET', candidatePath(`${SUBMISSIONS}/${body.id}/events`));
  return waitFor(
    async () => {
      const answer = await candidate.client.get(`${SUBMISSIONS}/${body.id}`).expect(200);
      return SETTLED.includes(answer.body.status) ? `${answer.body.status} ${answer.body.reason?.code ?? ''}`.trim() : null;
    },
    { what: 'the submission to be settled', timeoutMs: 120_000, everyMs: 100 },
  );
}

async function practise(files: Readonly<Record<string, string>>): Promise<string> {
  const archive = await packs.archive(files);
  const { body } = await candidate.client.post(PRACTICE).attach('archive', archive, 'a.tar.gz').expect(202);
  practiceIds.push(body.id);
  await ask('GET', candidatePath(`${PRACTICE}/${body.id}/events`));
  return waitFor(
    async () => {
      const { status } = (await candidate.client.get(`${PRACTICE}/${body.id}`).expect(200)).body;
      return PRACTISED.includes(status) ? status : null;
    },
    { what: 'the practice run to end', timeoutMs: 120_000, everyMs: 100 },
  );
}

it('grades projects that tell all they learn, in every way in which a grade can end', async () => {
  expect(await submit(TELLING_PROJECTS.refuse)).toMatch(/^ungradable /);
  expect(await submit(TELLING_PROJECTS.die)).toMatch(/^ungradable /);
  expect(await submit(TELLING_PROJECTS.hang)).toBe('timed_out run-timed-out');
  expect(await practise(TELLING_PROJECTS.refuse)).not.toBe('infra_fault');
  expect(await practise(TELLING_PROJECTS.echo)).toBe('finished');
  expect(await submit(TELLING_PROJECTS.echo)).toBe('graded');
}, 400_000);

it('has reports with all of it, so that a walk which finds nothing says something', async () => {
  const lead = await api.signIn('lead');
  const runs = await lead.get(`/submissions/${submissionIds.at(-1)}/runs`).expect(200);
  const { body } = await lead.get(`/grading-runs/${runs.body.items[0].id}/report`).expect(200);
  const reported: Seen[] = [{ what: 'the report', text: JSON.stringify(body) }];
  for (const name of REPORTED) expect([name, placesOf([CANARIES[name]], reported).length > 0]).toEqual([name, true]);
  expect(body.checks.map(({ status }: { status: string }) => status)).toEqual([
    'failed',
    'errored',
    'passed',
    'failed',
    'skipped',
  ]);
});

it('knows how to ask every route that a candidate may call', async () => {
  const routes = routeTable(api.app);
  expect(routes.length).toBeGreaterThan(60);
  expect(Object.keys(WAYS).filter((name) => !routes.some(({ method, path }) => name === `${method} ${path}`))).toEqual([]);
  expect(await walk()).toEqual([]);
}, 120_000);

it.each([
  ['none', false],
  ['after_submission', false],
  ['after_decision', false],
  ['none', true],
  ['after_submission', true],
  ['after_decision', true],
] as const)(
  'with feedback "%s", decided: %s, nothing hidden reaches a candidate',
  async (policy, decided) => {
    const owner = await api.signIn('owner');
    await owner.patch('/organisation', { candidateFeedback: policy }).expect(200);
    const { body: evaluation } = await owner.get(`/evaluations/${candidate.evaluationId}`).expect(200);
    // There is no way back.
    if (decided && evaluation.decision === null) {
      await owner.post(`/evaluations/${candidate.evaluationId}/decision`, { decision: 'advance' }).expect(200);
    }
    seen.length = 0;
    await walk();
    expect(placesOf(Object.values(CANARIES))).toEqual([]);
    const isOpen = policy === 'after_submission' || (policy === 'after_decision' && decided);
    expect(placesOf(isOpen ? [] : [...SHOWN.always, ...SHOWN.after_submission])).toEqual([]);
    expect(placesOf(isOpen && decided ? [] : SHOWN.after_decision)).toEqual([]);
    expect(placesOf([SHOWN.always[0], SHOWN.after_submission[1]]).length > 1).toBe(isOpen);
  },
  120_000,
);

it('says nothing hidden to who has no token, or one of another kind', async () => {
  seen.length = 0;
  for (const token of [null, candidate.token, 'eyJhbGciOiJub25lIn0.e30.']) {
    for (const { method, path } of routeTable(api.app)) {
      await ask(method, path.replaceAll(/[:*][A-Za-z]+|\{[^}]*\}/g, submissionIds[0] ?? ''), { token });
    }
  }
  expect(seen.length).toBeGreaterThan(180);
  expect(placesOf(Object.values(CANARIES))).toEqual([]);
}, 120_000);

it('writes nothing hidden to the log or into mails', async () => {
  const mails = await Promise.all((await readdir(api.mailFolder)).map((name) => readFile(join(api.mailFolder, name), 'utf8')));
  expect(mails.length).toBeGreaterThan(0);
  expect(log.join('')).toContain('/api/v1/candidate/evaluation/feedback');
  const written: Seen[] = [...mails.map((text) => ({ what: 'a mail', text })), ...log.map((text) => ({ what: 'the log', text }))];
  expect(placesOf(Object.values(CANARIES), written)).toEqual([]);
});
