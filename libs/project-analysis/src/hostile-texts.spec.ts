import { inspectCompose } from './compose-rules';
import { inspectDockerfile } from './dockerfile-rules';
import { inspectNginx } from './nginx-rules';
import { inspectRequirements } from './requirement-rules';
import { findSecrets } from './secrets';
import { textFiles } from './testing/text-files';
import { inspectPipelines } from './workflow-rules';

/** Pieces that, repeated, once made some reader of texts slow or deep. */
const PIECES = [
  '[',
  '{a: ',
  '- ',
  '&a ',
  '!a ',
  '"\\x',
  'a: |\n b\n',
  'A=',
  '<<A ',
  'a {',
  "'",
  '\\\n',
  'include *.conf;',
  '# ',
  'a==1 --hash=',
  '$A$A',
  '\uD800',
  '\t',
  '"',
  '"a"',
];
const LENGTH = 120_000;
const INSPECT: Readonly<Record<string, (text: string) => readonly unknown[]>> = {
  secrets: (text) => findSecrets(textFiles({ '.env': text, 'a.py': text })),
  Dockerfile: (text) => inspectDockerfile(textFiles({ Dockerfile: `FROM a:1\n${text}` }), 'Dockerfile'),
  compose: (text) => inspectCompose(textFiles({ 'compose.yaml': text }), 'compose.yaml'),
  nginx: (text) => inspectNginx(textFiles({ 'nginx/a.conf': text, 'nginx/b.conf': text }), 'nginx/a.conf'),
  workflows: (text) =>
    inspectPipelines(
      textFiles({
        '.gitlab-ci.yml': text,
        '.github/workflows/a.yml': `jobs:\n  a:\n    steps:\n      - run: |\n          ${text}`,
      }),
    ),
  requirements: (text) => inspectRequirements(textFiles({ 'requirements.txt': text, 'pyproject.toml': text })),
};

describe.each(Object.entries(INSPECT))('the rules for %s', (_name, inspect) => {
  // What takes minutes instead of a moment fails by the limit of the test.
  it.each(PIECES)('come to an end on endless %j', (piece) => {
    expect(inspect(piece.repeat(LENGTH / piece.length))).toEqual(expect.any(Array));
  });
});

describe('pipelines of many jobs', () => {
  const jobs = (many: number, text: (n: number) => string): string => Array.from({ length: many }, (_, n) => text(n)).join('');

  it.each([
    [
      'that each extend all',
      `${jobs(12, (n) => `.b${n}:\n  extends: [${jobs(11, (m) => `.b${m}, `)}]\n`)}a:\n  extends: [.b0, .b1]\n`,
    ],
    ['that need each other', jobs(1_200, (n) => `j${n}:\n  stage: ${n % 2 ? 'deploy' : 'test'}\n  script: ssh a\n`)],
  ])('%s come to an end', (_name, text) => {
    expect(inspectPipelines(textFiles({ '.gitlab-ci.yml': text }))).toEqual(expect.any(Array));
  });
});

// A step of a check that takes three seconds looks like a check in a loop, which is nobody's fault and costs no attempt.
it.each(['x: [,', 'x: [? ', '- run: ', 'x: [>\n', '"'])('a YAML text of endless %j is read within a moment', (piece) => {
  const start = piece.startsWith('x: [') ? 'x: [' : '';
  const rest = piece.slice(start.length);
  const text = start + rest.repeat(60_000 / rest.length);
  // Four of them once took longer than a test may.
  const found = inspectPipelines(textFiles(Object.fromEntries([1, 2, 3, 4].map((n) => [`.github/workflows/${n}.yml`, text]))));
  expect(found).toEqual(expect.any(Array));
});
