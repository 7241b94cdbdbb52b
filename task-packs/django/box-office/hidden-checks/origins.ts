import type { Checks } from '@assay/grader/check-api';

/** One of CORS_ALLOWED_ORIGINS in task.yaml. */
const KNOWN = 'https://tickets.example';

export const checks: Checks = {
  'c4-only-known-origins-read-answers': async ({ http, expect }) => {
    const from = (origin: string) => http.get('/api/events/', { as: 'visitor', headers: { origin } });
    const known = await from(KNOWN);
    expect.status(known, 200, 'a known origin gets its answer');
    expect.equal(known.headers['access-control-allow-origin'], KNOWN, 'and may read it');
    expect.equal(known.headers['access-control-allow-credentials'], undefined, 'without credentials');
    for (const origin of ['https://evil.example', 'https://tickets.example.evil.example', 'http://tickets.example', 'null']) {
      const unknown = await from(origin);
      expect.equal(unknown.headers['access-control-allow-origin'], undefined, 'any other origin may read nothing');
    }
  },
};
