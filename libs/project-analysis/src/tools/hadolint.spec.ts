import os from 'node:os';
import { type PythonRuntime, prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { rulesAndLines } from '../testing/text-files';
import { lintDockerfile } from './hadolint';
import { ToolFailed } from './run-tool';

jest.setTimeout(600_000);

describe('hadolint', () => {
  let runtime: PythonRuntime;
  const signal = new AbortController().signal;

  beforeAll(async () => {
    runtime = await prepareRuntime({ home: assayHome(process.env, os.homedir()) });
  });

  const lint = (text: string, hadolint = runtime.hadolint) =>
    lintDockerfile({ hadolint, python: runtime.basePython }, 'docker/web.Dockerfile', text, signal);

  it('lints, whatever comments in the file say of it', async () => {
    const found = await lint('FROM python:latest\n# hadolint ignore=DL3004\nRUN sudo true\n');
    expect(rulesAndLines(found)).toEqual(['hadolint/DL3007 1', 'hadolint/DL3004 3']);
    expect(found.map(({ file, severity }) => `${file} ${severity}`)).toEqual([
      'docker/web.Dockerfile warning',
      'docker/web.Dockerfile error',
    ]);
  });

  it('has nothing against a good one', async () => {
    expect(await lint('FROM python:3.12.4-slim\nUSER 1000:1000\nCMD ["gunicorn", "shop.wsgi"]\n')).toEqual([]);
  });

  it.each([
    ['too much text', 'RUN x\n'.repeat(20_000)],
    ['brackets without end', `FROM a:1\nRUN ${'$(('.repeat(15_000)}\n`],
  ])('ends on %s', async (_what, text) => {
    expect((await lint(text)).length).toBeGreaterThan(0);
  });

  it('is our fault when it cannot be started', async () => {
    await expect(lint('FROM a:1\n', '/no/such/hadolint')).rejects.toBeInstanceOf(ToolFailed);
  });
});
