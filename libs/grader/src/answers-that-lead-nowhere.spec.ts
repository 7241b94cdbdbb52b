import { Courtroom } from '../fixtures/courtroom';

jest.setTimeout(60_000);

/** Checks build requests from earlier answers; whatever stands in those must fail the check and not look like a crash of it. */
describe('an answer from which no request can be built', () => {
  let room: Courtroom;

  beforeAll(async () => {
    room = await Courtroom.open();
  });
  afterAll(() => room.close());

  const asksForId = 'async ({ http }) => { const { id } = (await http.get("/")).json(); await http.get("/notes/" + id + "/"); }';
  const logsIn =
    'async ({ http }) => { const { id } = (await http.get("/")).json(); await http.get("/", { headers: { Authorization: "Token " + id } }); }';
  const readsPages = 'async ({ http }) => { for (let next = "/"; next !== null; ) next = (await http.get(next)).json().next; }';

  it.each([
    ['an id of other letters', asksForId, '"\u00e9"', 'no path that can be asked for'],
    ['an id with a blank', asksForId, '"a b"', 'no path that can be asked for'],
    ['an id of megabytes', asksForId, JSON.stringify('x'.repeat(500_000)), 'no path that can be asked for'],
    ['a token with a line break', logsIn, '"a\\r\\nX-Admin: 1"', 'the header "authorization" cannot be'],
    ['a token of other letters', logsIn, '"\u4e2d"', 'the header "authorization" cannot be'],
  ])('%s', async (_what, check, id, message) => {
    room.answer = (_request, response) => response.end(`{"id": ${id}}`);
    const { checks } = await room.judge({ check });
    expect(checks[0]).toMatchObject({ status: 'failed', messageForReviewer: expect.stringContaining(message) });
  });

  it('pages that fill the memory of the judge', async () => {
    const keepsAll = 'async ({ http }) => { const all = []; for (;;) all.push((await http.get("/")).json()); }';
    room.answer = (_request, response) => response.end(`[${'[],'.repeat(300_000)}[]]`);
    const { checks } = await room.judge({ keepsAll });
    expect(checks[0]).toMatchObject({ status: 'failed', messageForReviewer: expect.stringContaining('all answers together') });
  });

  it('pages without an end', async () => {
    room.answer = (_request, response) => response.end('{"next": "/"}');
    const { checks } = await room.judge({ readsPages });
    expect(checks[0]).toMatchObject({ status: 'failed', messageForReviewer: 'more than 400 requests were needed' });
  });
});
