import type { Checks } from '@assay/grader/check-api';

/** CORS_ALLOWED_ORIGINS in task.yaml. */
const KNOWN = ['https://tickets.example', 'https://hall.example'];

export const checks: Checks = {
  'c4-only-known-origins-read-answers': async ({ http, expect, origins }) => {
    const from = (origin: string) => http.get('/api/events/', { as: 'visitor', headers: { origin } });
    for (const origin of KNOWN) {
      const known = await from(origin);
      expect.status(known, 200, 'a known origin gets its answer');
      expect.equal(known.headers['access-control-allow-origin'], origin, 'and may read it');
      expect.equal(known.headers['access-control-allow-credentials'], undefined, 'without credentials');
    }
    for (const origin of KNOWN.flatMap((known) => origins.lookAlikes(known))) {
      const unknown = await from(origin);
      expect.equal(unknown.headers['access-control-allow-origin'], undefined, 'any other origin may read nothing');
    }
  },
};
