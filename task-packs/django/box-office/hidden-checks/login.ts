import type { CheckContext, Checks, HttpAnswer } from '@assay/grader/check-api';

/** Wrong passwords in a row after which nobody is let in. */
const MOST_FAILURES = 5;
/** Requests for tokens that one client may make in a minute. */
const MOST_REQUESTS = 30;
/** Of them, those that the other checks of this file may not have used up within the same minute, and some to spare. */
const LEFT_REQUESTS = 15;

function ask({ http }: CheckContext, email: string, password: string): Promise<HttpAnswer> {
  return http.post('/api/token/', { as: 'visitor', body: { email, password } });
}

/** Whether the answer's token opens what belongs to that address. */
async function isTokenOf(context: CheckContext, answer: HttpAnswer, email: string): Promise<boolean> {
  const { http, expect } = context;
  const token = String(expect.object(answer.json(), 'the answer with the token').token);
  expect.ok(/^[\x21-\x7e]{20,200}$/.test(token), 'the token is a text that fits into a header');
  const me = await http.get('/api/me/', { as: 'visitor', headers: { authorization: `Token ${token}` } });
  return me.status === 200 && expect.object(me.json(), 'me').email === email;
}

export const checks: Checks = {
  'c2-people-log-in-by-e-mail': async (context) => {
    const { expect } = context;
    const answer = await ask(context, 'ALICE@Example.com', 'alice-sings');
    expect.status(answer, 200, 'the address counts in any case');
    expect.ok(await isTokenOf(context, answer, 'alice@example.com'), 'the token is that of alice');
    expect.status(await ask(context, 'alice@example.com', 'alice-Sings'), 400, 'a wrong password gets no token');
    expect.status(await ask(context, 'nobody@example.com', 'alice-sings'), 400, 'an unknown address gets none');
  },

  'c2-closed-accounts-stay-out': async (context) => {
    const { expect } = context;
    expect.status(await ask(context, 'carol@example.com', 'carol-dances'), 400, 'a closed account gets no token');
    const tokens = await context.database.query('SELECT 1 FROM authtoken_token WHERE user_id = 3');
    expect.equal(tokens.length, 0, 'and none is made for it');
    expect.status(await ask(context, 'sam@boxoffice.example', 'sam-sells'), 200, 'an open account gets one');
  },

  'c2-guessing-is-stopped': async (context) => {
    const { expect } = context;
    for (let n = 0; n < MOST_FAILURES; n += 1) {
      const address = n % 2 === 0 ? 'bob@example.com' : 'Bob@Example.com';
      expect.status(
        await ask(context, address, `guess-${n}`),
        400,
        'a wrong password gets no token, however the address is written',
      );
    }
    expect.status(await ask(context, 'bob@example.com', 'bob-claps'), 400, 'after five of them the right one is refused too');
    expect.status(await ask(context, 'sam@boxoffice.example', 'sam-sells'), 200, 'other people are let in');
  },

  'b5-token-requests-are-limited': async (context) => {
    const { expect, http } = context;
    const codes: number[] = [];
    let refused: HttpAnswer | null = null;
    for (let n = 0; n <= MOST_REQUESTS; n += 1) {
      const answer = await http.post('/api/token/', { as: 'visitor', body: { email: 'nobody@example.com', password: `x${n}` } });
      codes.push(answer.status);
      if (answer.status === 429) refused = answer;
    }
    expect.ok(
      codes.every((code) => code === 400 || code === 429),
      'wrong passwords are refused, then too many requests',
    );
    const answered = codes.filter((code) => code === 400).length;
    expect.ok(answered >= LEFT_REQUESTS, 'no fewer requests are answered than are allowed');
    expect.ok(refused !== null, `more than ${MOST_REQUESTS} requests in a minute are refused with a 429`);
    expect.ok(/^[1-9]\d*$/.test(refused?.headers['retry-after'] ?? ''), 'which says when to come back');
    for (let n = 0; n < 3; n += 1)
      expect.status(await http.get('/api/events/', { as: 'visitor' }), 200, 'nothing else is limited');
  },
};
