import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findNginx } from '@assay/project-analysis/tools/nginx-test';
import { writeFilesPack } from '../../fixtures/files-pack';
import { type Changes, GradingBench, statuses, withoutTimings } from '../../fixtures/grading-bench';

jest.setTimeout(120_000);

const CHECKS = {
  'e2-image-is-unprivileged': `
    const image = deployment.image();
    expect.equal(image.unpinned.length, 0, 'base images without a version');
    expect.equal(image.runsAsRoot, false, 'the process is not root');
    deployment.none(image.detections('error'), 'errors in the Dockerfile');`,
  'e2-image-has-stages': `
    const image = deployment.image();
    expect.ok(image.usesStages && image.hasHealthCheck, 'stages and a health check');`,
  'e2-services-are-pinned': `deployment.none(deployment.compose().detections('warning'), 'warnings in the compose file');`,
  'e1-gunicorn-has-limits': `
    const { application, settings } = deployment.gunicorn();
    expect.equal(application, 'site_notes.wsgi', 'it serves the project');
    expect.ok(Number(settings.get('timeout')?.value ?? 30) > 0, 'workers that hang are replaced');
    expect.ok(settings.has('max_requests'), 'workers are renewed');`,
  'e1-nginx-forwards-the-host': `
    const nginx = deployment.nginx();
    expect.ok(nginx.proxied.length > 0, 'requests are passed on');
    deployment.none(nginx.detections('warning'), 'warnings in the configuration of nginx');`,
  'e3-ci-gates-the-deployment': `
    const ci = deployment.pipelines();
    expect.ok(ci.steps('tests').length > 0, 'CI runs the tests');
    expect.ok(ci.deployments.every((one) => one.afterTests && one.isConditional), 'nothing is deployed untested');`,
  'e4-requirements-are-pinned': `
    expect.ok(deployment.requirements().find('Django')?.isPinned === true, 'Django is pinned');`,
};
const FILES = {
  Dockerfile: [
    'FROM python:3.12.4-slim AS build',
    'COPY requirements.txt .',
    'RUN pip install --no-cache-dir --prefix=/install -r requirements.txt',
    'FROM python:3.12.4-slim',
    'COPY --from=build /install /usr/local',
    'COPY . /app',
    'WORKDIR /app',
    'USER 1000:1000',
    'HEALTHCHECK CMD ["python", "health.py"]',
    'CMD ["gunicorn", "site_notes.wsgi", "--bind", ":8000"]',
    '',
  ].join('\n'),
  'compose.yaml': 'services:\n  web:\n    build: .\n  db:\n    image: postgres:17.2\n',
  'gunicorn.conf.py': 'import os\ntimeout = int(os.environ.get("TIMEOUT", "20"))\nmax_requests = 1000\n',
  'nginx.conf':
    'server {\n  listen 80;\n  location / {\n    proxy_set_header Host $host;\n    proxy_pass http://web:8000;\n  }\n}\n',
  '.gitlab-ci.yml':
    'test:\n  script: [python manage.py test]\nship:\n  stage: deploy\n  script: [kubectl apply -f k8s]\n  when: manual\n',
  'requirements.txt': 'Django==5.2.1\ngunicorn==23.0.0\n',
};

describe('checks of deployment files', () => {
  let folder: string;
  let bench: GradingBench;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    bench = await GradingBench.open(await writeFilesPack(path.join(folder, 'tiny-notes'), CHECKS));
  }, 600_000);
  afterAll(async () => {
    await bench.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Check id -> what a reviewer reads, of those that failed. */
  async function failed(changes: Changes): Promise<Record<string, string>> {
    const report = await bench.grade({ ...FILES, ...changes });
    expect(report).toMatchObject({ outcome: 'graded', reason: null });
    return Object.fromEntries(
      report.checks.filter(({ status }) => status !== 'passed').map((check) => [check.id, check.messageForReviewer]),
    );
  }
  const edited = (file: keyof typeof FILES, from: string, to: string): Changes => ({ [file]: FILES[file].replace(from, to) });

  it('pass what is as it should be, and leave the same evidence twice', async () => {
    const [first, second] = [await bench.grade(FILES), await bench.grade(FILES)];
    expect(statuses(first)).toEqual(Object.fromEntries(Object.keys(CHECKS).map((id) => [id, 'passed'])));
    expect(withoutTimings(second)).toBe(withoutTimings(first));
    expect(first.checks.find(({ id }) => id === 'e1-gunicorn-has-limits')?.evidence.records).toEqual([
      {
        kind: 'deployment-file',
        title: 'gunicorn, started by Dockerfile',
        text: 'application: site_notes.wsgi\nbind: :8000\nmax_requests: 1000 (gunicorn.conf.py)\ntimeout: worked out, else 20 (gunicorn.conf.py)',
        truncated: false,
      },
      { kind: 'deployment-file', title: 'gunicorn', text: 'nothing to blame', truncated: false },
    ]);
  });

  it.each<[string, Changes, Record<string, RegExp>]>([
    ['an image without a user', edited('Dockerfile', 'USER 1000:1000\n', ''), { 'e2-image-is-unprivileged': /not root/ }],
    [
      'a health check that cannot fail',
      edited('Dockerfile', 'CMD ["python", "health.py"]', 'CMD true'),
      { 'e2-image-has-stages': /health check/ },
    ],
    ['a user in a comment', edited('Dockerfile', 'USER', '# USER'), { 'e2-image-is-unprivileged': /not root/ }],
    [
      'a user of a stage that is not shipped',
      {
        Dockerfile: FILES.Dockerfile.replace('USER 1000:1000\n', '').replace(
          'COPY requirements.txt .',
          'USER 1000\nCOPY requirements.txt .',
        ),
      },
      { 'e2-image-is-unprivileged': /not root/ },
    ],
    [
      'what hadolint calls an error',
      edited('Dockerfile', 'WORKDIR /app', 'RUN sudo true'),
      { 'e2-image-is-unprivileged': /Dockerfile:7 Do not use sudo/ },
    ],
    [
      'the same behind a comment to hadolint',
      edited('Dockerfile', 'WORKDIR /app', '# hadolint ignore=DL3004\nRUN sudo true'),
      { 'e2-image-is-unprivileged': /Dockerfile:8/ },
    ],
    [
      'a stage that nothing is taken from',
      edited('Dockerfile', 'COPY --from=build /install /usr/local\n', ''),
      { 'e2-image-has-stages': /stages/ },
    ],
    [
      'no Dockerfile',
      { Dockerfile: 'RUN x\n' },
      {
        'e2-image-is-unprivileged': /refuses Dockerfile/,
        'e2-image-has-stages': /refuses/,
        'e1-gunicorn-has-limits': /nothing starts/,
      },
    ],
    [
      'a service without a version',
      edited('compose.yaml', ':17.2', ''),
      { 'e2-services-are-pinned': /compose.yaml:5 The image "postgres"/ },
    ],
    ['aliases that multiply', { 'compose.yaml': bomb() }, { 'e2-services-are-pinned': /aliases multiply/ }],
    ['no timeout', { 'gunicorn.conf.py': 'timeout = 0\nmax_requests = 9\n' }, { 'e1-gunicorn-has-limits': /replaced/ }],
    ['settings in a string', { 'gunicorn.conf.py': '"""\nmax_requests = 9\n"""\n' }, { 'e1-gunicorn-has-limits': /renewed/ }],
    [
      'another server',
      edited('Dockerfile', '"gunicorn", "site_notes.wsgi"', '"python", "manage.py", "runserver"'),
      { 'e1-gunicorn-has-limits': /nothing starts gunicorn/ },
    ],
    [
      'a host that is not forwarded',
      edited('nginx.conf', 'proxy_set_header', '# proxy_set_header'),
      { 'e1-nginx-forwards-the-host': /nginx.conf:5/ },
    ],
    ['a block without an end', edited('nginx.conf', '}\n}', '}\n'), { 'e1-nginx-forwards-the-host': /has no "}"/ }],
    [
      'a deployment before the tests',
      edited('.gitlab-ci.yml', 'stage: deploy', 'stage: .pre'),
      { 'e3-ci-gates-the-deployment': /untested/ },
    ],
    [
      'tests that are only printed',
      edited('.gitlab-ci.yml', 'python manage.py test', 'echo python manage.py test'),
      { 'e3-ci-gates-the-deployment': /CI runs the tests/ },
    ],
    ['a pin in a comment', { 'requirements.txt': '# Django==5.2.1\nDjango\n' }, { 'e4-requirements-are-pinned': /pinned/ }],
  ])('judge %s', async (_what, changes, expected) => {
    const seen = await failed(changes);
    expect(Object.keys(seen).sort()).toEqual(Object.keys(expected).sort());
    for (const [id, message] of Object.entries(expected)) expect(seen[id]).toMatch(message);
  });

  (findNginx() === null ? it.skip : it)('judge what only nginx itself refuses', async () => {
    const seen = await failed(edited('nginx.conf', 'listen 80;', 'listen 80;\n  client_max_body_size ten;'));
    expect(seen).toEqual({ 'e1-nginx-forwards-the-host': expect.stringMatching(/nginx -t refuses nginx.conf: line 3/) });
  });
});

function bomb(): string {
  const rows = [...Array(12).keys()].map((number) => `a${number + 1}: &a${number + 1} [${`*a${number},`.repeat(9)}]`);
  return `a0: &a0 [x]\n${rows.join('\n')}\nservices: *a12\n`;
}
