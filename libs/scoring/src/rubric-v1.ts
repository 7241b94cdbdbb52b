import type { LevelTexts, Rubric, RubricArea, RubricCriterion } from './rubric';

/**
 * The published rubric, version 1 (docs/RUBRIC.md). Frozen: old scorecards quote it, so a change of any text or weight is a
 * `rubric-v2.ts` beside this file. Each area weighs 0.2 of the composite, each criterion 0.2 of its area.
 */
export const RUBRIC_V1: Rubric = deepFreeze({
  version: '1',
  name: 'Django developer',
  areas: [
    area('A', 'Python mastery and Django ORM fluency', [
      criterion({
        id: 'A1',
        name: 'decorators, generators, context managers',
        levels: [
          'leaks resources or swallows errors',
          'uses library ones',
          'writes correct ones',
          'composes them, explains trade-offs',
        ],
        autoEvidence: "calls into the candidate's functions with hidden inputs; ruff B006 SIM115 E722 BLE001 C901",
        humanRated: true,
      }),
      criterion({
        id: 'A2',
        name: 'complex querysets',
        levels: ['loops in Python', 'basic filters', 'correct annotate / Subquery / F', 'concise and right on edge data'],
        autoEvidence: 'HTTP results on hidden data; ruff S608 S610 S611',
        humanRated: true,
      }),
      criterion({
        id: 'A3',
        name: 'select_related / prefetch_related',
        levels: ['absent', 'on some lists', 'on every hot path', 'Prefetch with bounded querysets'],
        autoEvidence: 'SQL statements per endpoint, counted at the database',
        humanRated: false,
      }),
      criterion({
        id: 'A4',
        name: 'custom managers',
        levels: ['absent', 'duplicated filters', 'reusable chainable QuerySet', 'tested; enforces tenancy or soft delete'],
        autoEvidence: 'behaviour through HTTP, AST',
        humanRated: true,
      }),
      criterion({
        id: 'A5',
        name: 'migration strategy',
        levels: ['missing or broken', 'applies cleanly', 'reversible data migration', 'zero-downtime steps'],
        autoEvidence: '`makemigrations --check`, forward and backward run on data',
        humanRated: true,
      }),
    ]),
    area('B', 'Django REST Framework', [
      criterion({
        id: 'B1',
        name: 'serializers, viewsets',
        levels: ['bad input gives 500', 'CRUD works', 'validates nested writes', 'atomic, exposes minimal fields'],
        autoEvidence: 'contract checks; ruff DJ007',
        humanRated: false,
      }),
      criterion({
        id: 'B2',
        name: 'permissions',
        levels: ['open', 'login only', 'object level', 'whole role matrix tested'],
        autoEvidence: 'cross-user probes expecting 403/404',
        humanRated: false,
      }),
      criterion({
        id: 'B3',
        name: 'authentication (JWT, OAuth2)',
        levels: ['none', 'issues tokens', 'expiry and refresh', 'rotation, revocation, scopes'],
        autoEvidence: 'tampered, expired, revoked tokens',
        humanRated: false,
      }),
      criterion({
        id: 'B4',
        name: 'pagination, filtering',
        levels: ['unbounded lists', 'pages', 'capped size, validated filters', 'stable cursor on an index'],
        autoEvidence: 'oversize and duplicate-row probes',
        humanRated: false,
      }),
      criterion({
        id: 'B5',
        name: 'throttling, API versioning',
        levels: ['neither', 'one', 'both, 429 returned', 'scoped, deprecation policy'],
        autoEvidence: 'burst probe',
        humanRated: true,
      }),
    ]),
    area('C', 'Security implementation', [
      criterion({
        id: 'C1',
        name: 'security middleware configuration',
        levels: ['disabled', 'defaults', 'deploy-clean', 'exceptions documented'],
        autoEvidence: "`check --deploy` ids under the grader's own settings overlay",
        humanRated: false,
      }),
      criterion({
        id: 'C2',
        name: 'authentication-backend customisation',
        levels: ['login bypass', 'default only', 'correct custom backend', 'timing-safe, lockout'],
        autoEvidence: 'login probes',
        humanRated: true,
      }),
      criterion({
        id: 'C3',
        name: 'permission systems',
        levels: ['escalation works', 'roles', 'least privilege', 'changes audited'],
        autoEvidence: 'escalation probes (mass assignment of role, open sign-up as admin)',
        humanRated: false,
      }),
      criterion({
        id: 'C4',
        name: 'CORS policy',
        levels: ['reflects any origin with credentials', 'wildcard', 'allow-list', 'per environment, tested'],
        autoEvidence: 'origin probes',
        humanRated: false,
      }),
      criterion({
        id: 'C5',
        name: 'production hardening (SSL redirect, HSTS, CSP)',
        levels: ['none', 'redirect', 'plus HSTS, secure cookies', 'plus strict CSP'],
        autoEvidence: 'response headers; ruff S105-S107 S113 S308 S324 S501',
        humanRated: false,
      }),
    ]),
    area('D', 'Database and performance', [
      criterion({
        id: 'D1',
        name: 'PostgreSQL/MySQL, query profiling',
        levels: ['no indexes or constraints', 'some', 'justified by EXPLAIN', 'before/after measured'],
        autoEvidence: 'plan nodes at the database',
        humanRated: true,
      }),
      criterion({
        id: 'D2',
        name: 'N+1 prevention',
        levels: ['slope >= .9', '>= .2', '< .2', '<= .02 and a regression test'],
        autoEvidence: '(statements at 50 rows - at 5 rows) / 45',
        humanRated: false,
      }),
      criterion({
        id: 'D3',
        name: 'connection pooling',
        levels: ['exhausts connections', 'persistent', 'bounded pool', 'sized from load evidence'],
        autoEvidence: 'server-side sessions under load',
        humanRated: false,
      }),
      criterion({
        id: 'D4',
        name: 'caching (Redis/Memcached)',
        levels: ['none', 'timeout only', 'invalidated on write', 'stampede-safe, no cross-user leak'],
        autoEvidence: 'statements when warm, stale-read and cross-user probes',
        humanRated: false,
      }),
      criterion({
        id: 'D5',
        name: 'async work (Celery)',
        levels: ['inline', 'queued', 'retries, idempotent', 'on_commit, poison handling'],
        autoEvidence: 'kill-and-replay',
        humanRated: false,
      }),
    ]),
    area('E', 'Deployment and infrastructure', [
      criterion({
        id: 'E1',
        name: 'Gunicorn/Nginx',
        levels: ['runserver', 'gunicorn', 'plus nginx, timeouts', 'graceful reload, limits'],
        autoEvidence: '`gunicorn --check-config`, `nginx -t`, config parse',
        humanRated: false,
      }),
      criterion({
        id: 'E2',
        name: 'Docker',
        levels: ['does not build', 'builds', 'non-root, pinned', 'multi-stage, healthcheck'],
        autoEvidence: 'Dockerfile parse and lint',
        humanRated: false,
      }),
      criterion({
        id: 'E3',
        name: 'CI/CD',
        levels: ['none', 'tests', 'plus lint, migration check', 'gated deploy, rollback'],
        autoEvidence: 'workflow parse',
        humanRated: true,
      }),
      criterion({
        id: 'E4',
        name: 'environment management, static/media (S3/CloudFront)',
        levels: ['secrets committed', 'env vars', 'validated, collectstatic works', 'private media by signed URLs'],
        autoEvidence: 'secret scan, boots with only the documented env, `collectstatic`',
        humanRated: false,
      }),
      criterion({
        id: 'E5',
        name: 'monitoring (Sentry, New Relic)',
        levels: ['none', 'logs', 'errors with release tag', 'alerts, PII scrubbed'],
        autoEvidence: 'stub DSN receives the event',
        humanRated: true,
      }),
    ]),
  ],
});

function area(id: RubricArea['id'], name: string, criteria: readonly RubricCriterion[]): RubricArea {
  return { id, name, weight: 0.2, criteria };
}

function criterion(text: Omit<RubricCriterion, 'weight'> & { readonly levels: LevelTexts }): RubricCriterion {
  const { id, name, levels, autoEvidence, humanRated } = text;
  return { id, name, weight: 0.2, levels, autoEvidence, humanRated };
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}
