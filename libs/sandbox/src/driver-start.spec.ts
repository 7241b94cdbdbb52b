import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { SandboxSpec, StartResult } from './sandbox';
import { DRIVERS } from './testing/drivers';
import { BUILD_TIMEOUT, sharedRuntime, TinyProjects } from './testing/tiny-project';

describe.each(DRIVERS)('$name', ({ make }) => {
  const projects = new TinyProjects(make);
  beforeAll(() => sharedRuntime(), BUILD_TIMEOUT);
  afterEach(() => projects.cleanUp());
  afterAll(() => projects.close());

  async function startOf(
    files: Record<string, string>,
    startSeconds = 20,
  ): Promise<{ result: StartResult; log: string; left: number[] }> {
    const sandbox = await projects.start(await projects.spec(files, { startSeconds }));
    const result = await sandbox.started;
    return { result, log: sandbox.log(), left: await sandbox.processes() };
  }

  describe('a project that does not start is told why', () => {
    test('syntax error', async () => {
      const { result, log, left } = await startOf({ 'tiny/urls.py': 'urlpatterns = [\n' });
      expect(result).toMatchObject({
        outcome: 'failed',
        step: 'wsgi',
        error: 'SyntaxError',
        message: expect.stringContaining('never closed'),
        location: { file: 'tiny/urls.py', line: 1 },
      });
      expect(log).toContain('SyntaxError');
      expect(left).toEqual([]);
    });

    test('missing dependency', async () => {
      const { result } = await startOf({ 'tiny/models.py': '\nimport numpy\n' });
      expect(result).toMatchObject({ step: 'setup', error: 'ModuleNotFoundError', message: "No module named 'numpy'" });
      expect(result).toMatchObject({ location: { file: 'tiny/models.py', line: 2 } });
    });

    test('no settings', async () => {
      const spec = await projects.spec();
      await rm(path.join(spec.projectDir, 'tiny/settings.py'));
      expect(await (await projects.start(spec)).started).toMatchObject({
        outcome: 'failed',
        step: 'setup',
        message: "No module named 'tiny.settings'",
        location: null,
      });
    });

    test('no application', async () => {
      const { result } = await startOf({ 'tiny/wsgi.py': '' });
      expect(result).toMatchObject({ outcome: 'failed', step: 'wsgi', error: 'AttributeError' });
    });

    test('a migration that fails', async () => {
      const migration = `
from django.db import migrations
def explode(apps, editor):
    raise ValueError("no such shelf")
class Migration(migrations.Migration):
    operations = [migrations.RunPython(explode)]
`;
      const spec = await projects.spec({ 'tiny/migrations/__init__.py': '', 'tiny/migrations/0001_initial.py': migration });
      const sandbox = await projects.start({ ...spec, migrate: true });
      expect(await sandbox.started).toMatchObject({
        outcome: 'failed',
        step: 'migrate',
        error: 'ValueError',
        message: 'no such shelf',
        location: { file: 'tiny/migrations/0001_initial.py', line: 4 },
      });
      expect(await sandbox.exited).toMatchObject({ kind: 'exited', code: 1 });
    });

    test('exit at import', async () => {
      expect((await startOf({ 'tiny/wsgi.py': 'raise SystemExit(0)' })).result).toMatchObject({
        outcome: 'failed',
        error: 'SystemExit',
      });
      const { result } = await startOf({ 'tiny/wsgi.py': 'import os; os._exit(3)' });
      expect(result).toEqual({ outcome: 'died', step: 'wsgi', exit: { kind: 'exited', code: 3 } });
    });

    test('crash at import', async () => {
      const { result } = await startOf({ 'tiny/wsgi.py': 'import ctypes; ctypes.string_at(0)' });
      expect(result).toEqual({ outcome: 'died', step: 'wsgi', exit: { kind: 'signalled', signal: 'SIGSEGV' } });
    });

    test('endless loop at import', async () => {
      const { result, left } = await startOf({ 'tiny/settings.py': 'while True: pass' }, 2);
      expect(result).toEqual({ outcome: 'timed_out', step: 'setup', seconds: 2 });
      expect(left).toEqual([]);
    });
  });

  describe('what a project says about itself', () => {
    test('cannot turn its own failure into a fault of the sandbox', async () => {
      const forge = (line: string): Record<string, string> => ({
        'tiny/wsgi.py': `import os\nfor fd in range(3, 20):\n    try: os.write(fd, ${JSON.stringify(line)}.encode())\n    except OSError: pass\nos._exit(97)`,
      });
      const lines = [
        '{"child-pid": 1}\n{"exit-code": 0}\n',
        '{"phase": "boot"}\n',
        'x'.repeat(300_000),
        '\n{"phase":"failed","error":{},"location":{"file":"../../etc"}}\n',
      ];
      for (const line of lines) {
        const { result } = await startOf(forge(line));
        expect(['died', 'failed']).toContain(result.outcome);
      }
    });

    test('that it serves is not believed: its requests then simply get no answer', async () => {
      const lie = 'import os\nos.write(3, b\'{"phase":"serving"}\\n\')\nos._exit(0)';
      const sandbox = await projects.start(await projects.spec({ 'tiny/wsgi.py': lie }));
      expect(await sandbox.started).toMatchObject({ outcome: 'serving' });
      expect(await sandbox.exited).toMatchObject({ kind: 'exited', code: 0 });
      await expect(sandbox.run('answer = 1')).rejects.toThrow();
    });
  });

  describe('a fault that is not the project’s', () => {
    /** A driver may see it before or after it says that the sandbox is being created. */
    async function faultOf(spec: SandboxSpec): Promise<string> {
      try {
        const sandbox = await projects.start(spec);
        const result = await sandbox.started;
        expect(await sandbox.exited).toMatchObject({ kind: 'infra_fault' });
        return result.outcome === 'infra_fault' ? result.detail : result.outcome;
      } catch (error) {
        return String(error);
      }
    }

    test('a runtime that lost its interpreter', async () => {
      const spec = await projects.spec();
      const runtime = { ...spec.runtime, rootPython: '/usr/bin/nothing' };
      expect(await faultOf({ ...spec, runtime })).toMatch(/\/usr\/bin\/nothing/);
    });

    test('a host without the launcher’s Python', async () => {
      const spec = await projects.spec();
      const runtime = { ...spec.runtime, basePython: '/usr/bin/nothing' };
      expect(await faultOf({ ...spec, runtime })).toContain('ENOENT');
    });

    test('a watcher that is killed from outside', async () => {
      const sandbox = await projects.start(await projects.spec());
      expect(await sandbox.started).toMatchObject({ outcome: 'serving' });
      const [first] = await sandbox.processes();
      const status = await import('node:fs/promises').then(({ readFile }) => readFile(`/proc/${first}/status`, 'utf8'));
      process.kill(Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]), 'SIGKILL');
      expect(await sandbox.exited).toMatchObject({ kind: 'infra_fault' });
      expect(await sandbox.processes()).toEqual([]);
    });
  });

  describe('a project that is killed from outside', () => {
    test.each(['before', 'by'])('is nobody’s fault but ours, also when it is seen %s our own kill', async (when) => {
      const sandbox = await projects.start(await projects.spec());
      expect(await sandbox.started).toMatchObject({ outcome: 'serving' });
      const [first] = await sandbox.processes();
      process.kill(Number(first), 'SIGKILL');
      if (when === 'by') {
        // Blocks this process, so that it hears of the end only after it has asked for it.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
        await sandbox.kill();
      }
      expect(await sandbox.exited).toMatchObject({ kind: 'infra_fault', detail: 'The project was killed from outside.' });
    });

    test('cannot be feigned', async () => {
      const { result } = await startOf({ 'tiny/wsgi.py': 'import os\nos._exit(137)' });
      expect(result).toEqual({ outcome: 'died', step: 'wsgi', exit: { kind: 'limit', limit: 'system_calls' } });
    });
  });

  describe('a spec that is wrong is refused before anything starts', () => {
    test.each([
      [{ projectDir: 'relative' }, 'projectDir must be an absolute path'],
      [{ projectDir: '/nonexistent' }, 'projectDir is not a folder'],
      [{ databaseSocketDir: '/nonexistent' }, 'databaseSocketDir is not a folder'],
      [{ wsgi: 'tiny/wsgi.py' }, 'wsgi is not the name of a Python module'],
      [{ settings: '--proc' }, 'settings is not the name of a Python module'],
      [{ environment: { 'A=B': '' } }, 'environment has a variable that cannot be set'],
    ])('%j', async (change, message) => {
      await expect(projects.start({ ...(await projects.spec()), ...change })).rejects.toThrow(message);
    });

    test('limits', async () => {
      await expect(projects.start(await projects.spec({}, { memoryMiB: 64 }))).rejects.toThrow('at least 128');
      await expect(projects.start(await projects.spec({}, { processes: Number.NaN }))).rejects.toThrow(
        'limits.processes must be a whole number',
      );
    });
  });
});
