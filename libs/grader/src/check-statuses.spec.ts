import type { CheckResult } from '@assay/contracts/grading-report';
import { inOrderOfNeeds } from '@assay/task-pack/check-order';
import type { CheckDefinition } from '@assay/task-pack/task-definition';
import { Courtroom } from '../fixtures/courtroom';

jest.setTimeout(60_000);

/** A real judge process; the project is an HTTP server of the spec. */
describe('the status of a check', () => {
  let room: Courtroom;

  beforeAll(async () => {
    room = await Courtroom.open();
  });
  afterAll(() => room.close());

  const PASSES = 'async () => {}';
  const FAILS = 'async ({ expect }) => expect.equal(1, 2, "one is two")';
  const ASKS = 'async ({ http, expect }) => expect.status(await http.get("/"), 200, "the list")';
  const READS = 'async ({ http, expect }) => expect.same((await http.get("/")).json(), [1, 2], "the list")';

  async function judged(
    checks: Readonly<Record<string, string>>,
    fields: Readonly<Record<string, Partial<CheckDefinition>>> = {},
  ): Promise<readonly CheckResult[]> {
    const pack = room.pack(checks);
    const definitions = inOrderOfNeeds(
      pack.definitions.map((definition) => ({
        ...definition,
        title: `T ${definition.id}`,
        ...fields[definition.id],
      })),
    );
    return (await room.hear({ ...pack, definitions }, (judge) => room.run(judge, { requestSeconds: 1 }))).checks;
  }
  const statuses = (checks: readonly CheckResult[]) => checks.map(({ id, status }) => [id, status]);

  describe('is errored when the project gives nothing to judge', () => {
    afterEach(() => {
      room.answer = (_request, response) => response.end('[1, 2]');
    });

    it.each<[string, Courtroom['answer'], string]>([
      ['no answer', () => undefined, 'GET / got no answer: no complete answer within 1 seconds'],
      [
        'a connection that is closed',
        (request) => request.socket.destroy(),
        'GET / got no answer: the server closed the connection',
      ],
      ['an answer that is no HTTP', (request) => request.socket.end('nonsense\r\n\r\n'), 'GET / got no answer: '],
    ])('%s', async (_what, answer, message) => {
      let isFirst = true;
      room.answer = (request, response) => {
        if (!isFirst) return void answer(request, response);
        isFirst = false;
        response.end();
      };
      const [asks] = await judged({ asks: ASKS });
      expect(asks).toMatchObject({ status: 'errored', messageForReviewer: expect.stringContaining(message) });
      expect(asks?.messageForCandidate).toBe('Your project gave no answer here, or a server error. no');
    });

    it.each([500, 503])('a server error, %i, where an answer was expected', async (status) => {
      room.answer = (_request, response) => response.writeHead(status).end('<h1>Server error</h1>');
      const checks = await judged({ asks: ASKS, reads: READS });
      expect(checks.map((check) => [check.status, check.messageForReviewer])).toEqual([
        ['errored', `the list: expected status 200, got ${status}`],
        ['errored', `GET /: expected JSON, got status ${status}`],
      ]);
    });
  });

  it('is failed for every wrong answer, also where a server error is what the pack expects', async () => {
    room.answer = (_request, response) => response.writeHead(404).end('<h1>Not found</h1>');
    const EXPECTS_500 = 'async ({ http, expect }) => expect.status(await http.get("/"), [500, 502], "a broken page")';
    const checks = await judged({ asks: ASKS, reads: READS, broken: EXPECTS_500, fails: FAILS });
    expect(checks.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect(checks[0]?.messageForCandidate).toBe('no');
    room.answer = (_request, response) => response.writeHead(500).end();
    expect(statuses(await judged({ broken: EXPECTS_500 }))).toEqual([['broken', 'passed']]);
  });

  it('comes with bounded evidence, however much a project says', async () => {
    room.answer = (_request, response) => response.end(JSON.stringify('\u05d0'.repeat(60_000)));
    const [talks] = await judged({
      talks: `async ({ http, expect, measure }) => {
        for (let n = 0; n < 60; n += 1) { expect.at('a.py', n + 1); measure('n', n); await http.get('/' + n); }
        expect.equal((await http.get('/last')).text, 'short', 'what it says');
      }`,
    });
    expect(talks?.status).toBe('failed');
    expect(talks?.evidence.exchanges).toHaveLength(30);
    expect(talks?.evidence.locations).toHaveLength(20);
    expect(talks?.messageForReviewer.length).toBeLessThan(1_100);
    expect(JSON.stringify(talks).length).toBeLessThan(100_000);
  });

  describe('is skipped when a check that it needs did not pass', () => {
    it('runs nothing of it, and says which one', async () => {
      const checks = await judged(
        { fails: FAILS, second: 'async () => { throw new TypeError("this must not run"); }', third: PASSES, other: PASSES },
        { second: { needs: ['other', 'fails'] }, third: { needs: ['second'] } },
      );
      expect(statuses(checks)).toEqual([
        ['fails', 'failed'],
        ['other', 'passed'],
        ['second', 'skipped'],
        ['third', 'skipped'],
      ]);
      expect(checks.slice(2).map(({ messageForReviewer }) => messageForReviewer)).toEqual([
        'Not run: it needs "T fails" (fails), which failed.',
        'Not run: it needs "T second" (second), which was skipped itself.',
      ]);
      expect(checks[2]).toMatchObject({
        messageForCandidate: 'Not checked, because "T fails" did not pass.',
        evidence: { exchanges: [], records: [], measurements: {}, findings: [], locations: [] },
      });
    });

    it('and does not name to a candidate what is hidden longer than itself', async () => {
      const checks = await judged(
        { fails: FAILS, open: PASSES },
        { fails: { visibility: 'after_decision' }, open: { visibility: 'after_submission', needs: ['fails'] } },
      );
      expect(checks[1]?.messageForCandidate).toBe('Not checked, because a check that it builds upon did not pass.');
    });

    it('and runs behind it, wherever it stands, when that passed', async () => {
      const checks = await judged({ early: PASSES, late: PASSES }, { early: { needs: ['late'] } });
      expect(statuses(checks)).toEqual([
        ['late', 'passed'],
        ['early', 'passed'],
      ]);
    });
  });
});
