import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { CheckDefinition } from '@assay/task-pack/task-definition';
import type { CheckContext, Checks } from './check-api';
import { openProject } from './check-kinds/project-tools';
import { CompanionDesk } from './companions/companion-desk';
import { Conversations } from './conversations';
import { type CheckRun, runChecks } from './run-checks';
import { UnixHttp } from './unix-http';

/** Real HTTP on a socket; nothing here needs a database. */
describe('a value that checks share', () => {
  let folder: string;
  let server: Server;
  let asked: string[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('[1, 2]');
    });
    await new Promise<void>((resolve) => server.listen(path.join(folder, 's'), resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  function run(checks: Checks): Promise<CheckRun> {
    const conversations = new Conversations();
    const httpSocket = path.join(folder, 's');
    const http = {
      server: new UnixHttp(httpSocket),
      requestSeconds: 2,
      users: {},
      proxy: {
        takeWindow: () => ({ count: 0, texts: [] }),
        settle: () => Promise.resolve(),
        setGate: () => undefined,
        traffic: 0,
      },
      signal: new AbortController().signal,
      now: new Date(),
      sample: () => Promise.resolve(null),
    };
    return runChecks({
      definitions: Object.keys(checks).map(
        (id): CheckDefinition => ({
          id,
          file: 'x.ts',
          title: id,
          criterion: 'B1',
          level: 1,
          points: 1,
          visibility: 'never',
          passed: 'yes',
          failed: 'no',
        }),
      ),
      functions: new Map(Object.entries(checks)),
      http,
      database: { query: () => Promise.resolve([]), load: () => Promise.resolve() },
      files: { list: () => [], read: () => null },
      findings: [],
      source: null,
      signal: new AbortController().signal,
      clock: () => performance.now(),
      conversations,
      project: openProject({ ...http, httpSocket, conversations, monitoring: null, secretKey: '' }),
      companions: new CompanionDesk({
        ask: () => Promise.reject(new Error('there is no sandbox')),
        conversations,
        signal: http.signal,
      }),
      onCheck: () => undefined,
    });
  }

  const list = ({ shared }: CheckContext, expected = 2) =>
    shared('list', async ({ http, expect, measure }) => {
      const items = expect.array((await http.get('/list')).json(), 'items');
      expect.at('views.py', 3);
      expect.equal(measure('items', items.length), expected, 'items');
      return items;
    });

  it('is made once, and is evidence of every check that uses it', async () => {
    const { checks } = await run({
      first: async (check) => check.expect.same(await list(check), [1, 2], 'items'),
      other: async ({ http }) => void (await http.get('/other')),
      second: async (check) => {
        await check.http.get('/before');
        check.expect.equal(await list(check), await list(check), 'one value');
      },
    });
    expect(asked).toEqual(['/list', '/other', '/before']);
    expect(checks.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed']);
    expect(checks.map(({ evidence }) => evidence.exchanges.map(({ request }) => request.path))).toEqual([
      ['/list'],
      ['/other'],
      ['/before', '/list'],
    ]);
    for (const index of [0, 2]) {
      expect(checks[index]?.evidence).toMatchObject({
        measurements: { items: 2 },
        locations: [{ file: 'views.py', line: 3 }],
      });
    }
    expect(checks[1]?.evidence).toMatchObject({ measurements: {}, locations: [] });
  });

  it('fails every check that uses it, with one message and the same evidence', async () => {
    const { checks } = await run({
      first: async (check) => void (await list(check, 3)),
      second: async (check) => void (await list(check, 3)),
    });
    expect(asked).toEqual(['/list']);
    expect(checks.map(({ status, messageForReviewer }) => [status, messageForReviewer])).toEqual([
      ['failed', 'items: expected 3, got 2'],
      ['failed', 'items: expected 3, got 2'],
    ]);
    expect(checks[1]?.evidence).toEqual(checks[0]?.evidence);
  });

  it('rests on others, and is new in the next run', async () => {
    const checks: Checks = {
      only: async (check) => {
        await check.shared('outer', async (inner) => (await list(inner)).length);
      },
    };
    const [first, second] = [await run(checks), await run(checks)];
    expect(asked).toEqual(['/list', '/list']);
    expect(first.checks).toEqual(second.checks);
    expect(first.checks[0]?.evidence.exchanges).toHaveLength(1);
  });

  it('cannot be made with the context of a check, whose evidence would then be missing elsewhere', async () => {
    const wrong: Checks = { only: async ({ shared, http }) => void (await shared('list', () => http.get('/list'))) };
    await expect(run(wrong)).rejects.toThrow(/"only" crashed: TypeError: while a shared value is made/);
  });
});
