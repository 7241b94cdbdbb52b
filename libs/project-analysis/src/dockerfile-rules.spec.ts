import { inspectDockerfile } from './dockerfile-rules';
import { rulesAndLines, textFiles } from './testing/text-files';

describe('rules for a Dockerfile', () => {
  const GOOD = [
    'FROM python:3.12.4-slim AS build',
    'COPY requirements.txt .',
    'RUN pip install --prefix=/install -r requirements.txt',
    'FROM python:3.12.4-slim',
    'COPY --from=build /install /usr/local',
    'COPY . /app',
    'RUN useradd app',
    'USER app',
    'HEALTHCHECK CMD curl -f http://localhost/',
    'CMD ["gunicorn", "shop.wsgi"]',
  ];
  const inspect = (text: string, others: Readonly<Record<string, string>> = { 'requirements.txt': '' }): string[] =>
    rulesAndLines(inspectDockerfile(textFiles({ Dockerfile: text, ...others }), 'Dockerfile'));

  it('have nothing against a good one', () => {
    expect(inspect(GOOD.join('\n'))).toEqual([]);
  });

  it.each([
    ['a base without a version', 'FROM python\nUSER app\nHEALTHCHECK CMD x', ['dockerfile/base-not-pinned 1']],
    ['the latest base', 'FROM python:latest\nUSER app\nHEALTHCHECK CMD x', ['dockerfile/base-not-pinned 1']],
    ['a digest', `FROM python@sha256:${'a'.repeat(64)}\nUSER app\nHEALTHCHECK CMD x`, []],
    ['no user', 'FROM python:3.12\nHEALTHCHECK CMD x', ['dockerfile/runs-as-root 1']],
    ['root as a number', 'FROM python:3.12\nUSER app\nUSER 0:0\nHEALTHCHECK CMD x', ['dockerfile/runs-as-root 3']],
    ['root as a number with a sign', 'FROM python:3.12\nUSER +0\nHEALTHCHECK CMD x', ['dockerfile/runs-as-root 2']],
    ['a user only in a comment', 'FROM python:3.12\n# USER app\nHEALTHCHECK CMD x', ['dockerfile/runs-as-root 1']],
    ['a user only in an echo', 'FROM python:3.12\nRUN echo "\\\nUSER app"\nHEALTHCHECK CMD x', ['dockerfile/runs-as-root 1']],
    [
      'a user only in an earlier stage',
      'FROM python:3.12 AS a\nUSER app\nFROM python:3.12\nHEALTHCHECK CMD x',
      ['dockerfile/runs-as-root 3'],
    ],
    [
      'a health check that is taken back',
      'FROM python:3.12\nUSER app\nHEALTHCHECK CMD x\nHEALTHCHECK NONE',
      ['dockerfile/no-healthcheck 4'],
    ],
    [
      'the development server',
      'FROM python:3.12\nUSER app\nHEALTHCHECK CMD x\nCMD python manage.py runserver',
      ['dockerfile/development-server 4'],
    ],
    ['a secret', 'FROM python:3.12\nENV SECRET_KEY=aG9rdXNwb2t1czEyMzQ5\nUSER app\nHEALTHCHECK CMD x', ['dockerfile/secret 2']],
    ['a placeholder', 'FROM python:3.12\nENV SECRET_KEY=build-time-only\nARG API_KEY\nUSER app\nHEALTHCHECK CMD x', []],
    [
      'a file that is not there',
      'FROM python:3.12\nCOPY setup.cfg nothing*.txt /x/\nUSER app\nHEALTHCHECK CMD x',
      ['dockerfile/copy-missing 2', 'dockerfile/copy-missing 2'],
    ],
    [
      'a stage that is not there',
      'FROM python:3.12\nCOPY --from=biulder /a /a\nUSER app\nHEALTHCHECK CMD x',
      ['dockerfile/refused 2'],
    ],
    ['debugging', 'FROM python:3.12\nENV DEBUG=True\nUSER app\nHEALTHCHECK CMD x', ['dockerfile/debug 2']],
  ])('judge %s', (_what, text, expected) => {
    expect(inspect(text)).toEqual(expected);
  });

  it('are not sure of a start script that gives rights away, and let developers be root', () => {
    const text = 'FROM python:3.12\nHEALTHCHECK CMD x\nENTRYPOINT ["/app/entrypoint.sh"]\n';
    const judged = (file: string, script: string) =>
      inspectDockerfile(textFiles({ [file]: text, 'docker/entrypoint.sh': script }), file);
    expect(judged('Dockerfile', 'exec gunicorn x').map(({ confidence }) => confidence)).toEqual(['high']);
    expect(judged('Dockerfile', 'exec gosu app gunicorn x').map(({ confidence }) => confidence)).toEqual(['low']);
    expect(judged('docker/dev.Dockerfile', 'exec gunicorn x').map(({ severity }) => severity)).toEqual(['note']);
  });

  it('do not miss what is made before the build', () => {
    const text = 'FROM python:3.12\nCOPY config/server.env /x/\nUSER app\nHEALTHCHECK CMD x';
    expect(inspect(text, { '.gitignore': '# x\nserver.env\n' })).toEqual([]);
    expect(inspect(text, { '.gitignore': '# server.env\n' })).toEqual(['dockerfile/copy-missing 2']);
  });

  it('never repeat a secret', () => {
    const secret = 'aG9rdXNwb2t1czEyMzQ5';
    const found = inspectDockerfile(textFiles({ Dockerfile: `FROM a:1\nENV API_KEY=${secret}\n` }), 'Dockerfile');
    expect(JSON.stringify(found)).not.toContain(secret);
  });
});
