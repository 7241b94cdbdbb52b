import type { Pipeline } from './pipeline';
import { commandsOf, purposesOf } from './shell-commands';
import { rulesAndLines, textFiles } from './testing/text-files';
import { inspectPipelines } from './workflow-rules';
import { deployments, pipelinesOf, stepsFor } from './workflows';

const expression = (text: string): string => `\${{ ${text} }}`;

const GITHUB = `name: ci
on:
  push: { branches: [main] }
  pull_request:
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - name: checks
        run: |
          ruff check .
          python manage.py makemigrations --check --dry-run
          coverage run -m pytest -q
  deploy:
    needs: [test]
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    steps:
      - uses: appleboy/ssh-action@v1
`;
const GITLAB = `stages: [check, ship]
.base:
  image: python:3.12
  before_script: [pip install -r requirements.txt]
test:
  extends: .base
  stage: check
  script:
    - poetry run python manage.py test
    - |
      uv run ruff check . &&
      uv run mypy .
ship:
  stage: ship
  script: [kubectl apply -f k8s]
  when: manual
`;

function one(file: string, text: string): Pipeline {
  const [pipeline] = pipelinesOf(textFiles({ [file]: text }));
  if (!pipeline) throw new Error('no pipeline');
  return pipeline;
}
const github = (text: string): Pipeline => one('.github/workflows/ci.yml', text);
const purposes = (text: string): string[] =>
  commandsOf(text).flatMap(({ words, isIgnored }) => (isIgnored ? [] : purposesOf(words)));

describe('commands of a shell text', () => {
  it.each([
    ['pytest', ['tests']],
    ['pytest 2>&1 | cat; pytest 2>&1', ['tests']],
    ['pytest || exit 1', ['tests']],
    ['pytest || (cat log; exit 1)', ['tests']],
    ['pytest || echo "some failed"', []],
    ['pytest > log 2>&1 || true', []],
    ['pytest || exit 0', []],
    ['! pytest', []],
    ['pytest &', []],
    ['DJANGO_DEBUG=1 poetry run pytest -x', ['tests']],
    ['python -m pytest', ['tests']],
    ['uv run --frozen --group dev pytest -q', ['tests']],
    ['docker compose run --rm web python manage.py test', ['tests']],
    ['docker-compose -f ci.yml exec -T web pytest', ['tests']],
    ['cd app && python3 manage.py test --parallel', ['tests']],
    ['coverage run manage.py test', ['tests']],
    ['ruff check . && black --check .', ['lint', 'lint']],
    ['./manage.py makemigrations --check', ['migration-check']],
    ['python manage.py check --deploy', ['deploy-check']],
    ['docker build -t shop .', ['image-build']],
    ['rsync -a dist/ web@shop.eu:/srv/', ['deploy']],
    ['rsync -a pr/locale/ base/locale/', []],
    ['make test', ['tests']],
    ['if [ 1 ]; then pytest; fi', ['tests']],
    ['echo pytest', []],
    ['echo "a; pytest"', []],
    ['# pytest', []],
    ['pytest || true', []],
    ['pytest --collect-only', []],
    ['pip install pytest', []],
    ['cat <<EOF\npytest\nEOF', []],
    ['python manage.py makemigrations', []],
    ['pytest \\\n  -q # all', ['tests']],
  ])('%s', (text, expected) => {
    expect(purposes(text)).toEqual(expected);
  });

  it('are found in no time whatever the text is', () => {
    for (const text of [
      '"'.repeat(60_000),
      'a=b '.repeat(15_000),
      '\\\n'.repeat(30_000),
      ';|&'.repeat(20_000),
      'sudo '.repeat(12_000),
    ])
      purposes(text);
  });
});

describe('a pipeline', () => {
  it('of GitHub is read with lines, needs and conditions', () => {
    const pipeline = github(GITHUB);
    expect(pipeline.triggers).toEqual(['push to some branches', 'pull_request']);
    const [test] = pipeline.jobs;
    expect(test?.steps).toEqual([
      { purpose: 'lint', text: 'ruff check .', line: 13 },
      { purpose: 'migration-check', text: 'python manage.py makemigrations --check --dry-run', line: 14 },
      { purpose: 'tests', text: 'pytest -q', line: 15 },
    ]);
    expect(deployments(pipeline).map(({ job, afterTests, isConditional }) => [job.id, afterTests, isConditional])).toEqual([
      ['deploy', true, true],
    ]);
  });

  it('of GitLab is read with stages, extends and lines', () => {
    const pipeline = one('.gitlab-ci.yml', GITLAB);
    expect(pipeline.jobs.map(({ id, line, needs, condition }) => [id, line, needs, condition])).toEqual([
      ['test', 5, [], null],
      ['ship', 13, ['test'], 'by hand'],
    ]);
    expect(pipeline.jobs[0]?.steps.map(({ purpose }) => purpose)).toEqual(['tests', 'lint', 'types']);
    expect(deployments(pipeline)).toMatchObject([{ afterTests: true, isConditional: true }]);
  });

  it.each([
    ['in a comment', GITHUB.replace('coverage run', '# coverage run')],
    ['only printed', GITHUB.replace('coverage run -m pytest -q', 'echo pytest')],
    ['ignored by the shell', GITHUB.replace('pytest -q', 'pytest -q || true')],
    ['in a step whose failure is ignored', GITHUB.replace('- name: checks', '- name: checks\n        continue-on-error: true')],
    ['in a job that never runs', GITHUB.replace('  test:\n', '  test:\n    if: false\n')],
    ['in a job whose failure is ignored', GITHUB.replace('  test:\n', '  test:\n    continue-on-error: true\n')],
    ['in another file than CI reads', ''],
  ])('does not run tests that are %s', (_what, text) => {
    expect(stepsFor(github(text), 'tests')).toEqual([]);
  });

  it.each([
    ['always()', false],
    [expression("always() && github.ref == 'refs/heads/main'"), false],
    ['success() || failure()', false],
    [expression("!cancelled() && needs.test.result == 'success'"), true],
    ['success() && !cancelled()', true],
  ])('of GitHub that deploy if %s wait for the success of the tests: %s', (condition, waits) => {
    const text = GITHUB.replace("github.ref == 'refs/heads/main'", condition);
    expect(deployments(github(text)).map(({ afterTests }) => afterTests)).toEqual([waits]);
  });

  it('does not gate what only comes later in the file', () => {
    expect(deployments(github(GITHUB.replace('needs: [test]', 'needs: []')))).toMatchObject([{ afterTests: false }]);
  });
});

describe('rules for CI', () => {
  const inspect = (text: string, file = '.github/workflows/ci.yml'): string[] =>
    rulesAndLines(inspectPipelines(textFiles({ [file]: text })));

  it('leave alone what another service may do', () => {
    const untested = GITHUB.replace('coverage run -m pytest -q', 'true');
    const files = { '.github/workflows/ci.yml': untested, '.circleci/config.yml': '' };
    expect(inspectPipelines(textFiles(files))).toEqual([]);
  });

  it('have nothing against good ones', () => {
    expect(inspect(GITHUB)).toEqual([]);
    expect(inspect(GITLAB, '.gitlab-ci.yml')).toEqual([]);
    expect(inspectPipelines(textFiles({}))).toEqual([]);
  });

  it.each([
    ['no tests', GITHUB.replace('coverage run -m pytest -q', 'true'), ['ci/no-tests 1']],
    ['a deployment that waits for nothing', GITHUB.replace('needs: [test]', 'needs: []'), ['ci/deploys-untested 16']],
    ['tests that a script or a task may run', GITHUB.replace('coverage run -m pytest -q', 'make ci'), []],
    [
      'tests that another workflow may run',
      `${GITHUB.replace('coverage run -m pytest -q', 'true')}  more:\n    uses: ./.github/workflows/more.yml\n`,
      [],
    ],
    ['no YAML', 'jobs: [', ['ci/refused 1']],
    [
      'secrets for strangers',
      GITHUB.replace('  pull_request:', '  pull_request_target:').replace(
        'checkout@v4',
        'checkout@v4\n        with:\n          ref: $' + '{{ github.event.pull_request.head.sha }}',
      ),
      ['ci/untrusted-checkout 11'],
    ],
  ])('judge %s', (_what, text, expected) => {
    expect(inspect(text)).toEqual(expected);
  });
});
