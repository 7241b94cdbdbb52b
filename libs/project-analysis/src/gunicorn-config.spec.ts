import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findPython } from '@assay/sandbox/runtime/find-python';
import { gunicornOf, settingsOfModule } from './gunicorn-config';
import { inspectGunicorn } from './gunicorn-rules';
import type { PythonModule } from './python-source';
import { rulesAndLines } from './testing/text-files';
import { readPython } from './tools/read-python';

describe('settings of gunicorn', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function module(...lines: string[]): Promise<PythonModule> {
    await writeFile(path.join(folder, 'gunicorn.conf.py'), lines.join('\n'));
    const python = (await findPython()).executable;
    const [read] = await readPython(python, folder, ['gunicorn.conf.py'], new AbortController().signal);
    if (!read) throw new Error('not read');
    return read;
  }
  const values = (settings: ReadonlyMap<string, { value: unknown; isComputed: boolean }>): Record<string, unknown> =>
    Object.fromEntries([...settings].map(([name, { value, isComputed }]) => [name, isComputed ? [value] : value]));

  it('are the values of the file, with the defaults of the environment', async () => {
    const read = await module(
      'import multiprocessing, os',
      '# timeout = 1',
      'bind = "0.0.0.0:8000"',
      'workers = multiprocessing.cpu_count() * 2 + 1',
      'timeout = int(os.environ.get("TIMEOUT", "30"))',
      'max_requests = 1000',
      'preload_app = True',
      'if x:',
      '    keepalive = 5',
      'def on_starting(server):',
      '    threads = 4',
    );
    expect(values(settingsOfModule(read))).toEqual({
      bind: '0.0.0.0:8000',
      workers: [null],
      timeout: ['30'],
      max_requests: 1000,
      preload_app: true,
      keepalive: [5],
    });
  });

  it('are those of the command over those of the file', async () => {
    const read = await module('timeout = 60', 'workers = 2');
    const found = gunicornOf(['/bin/sh', '-c', 'exec gunicorn shop.wsgi:application -w 4 --preload --bind=:80 && rm x'], [read]);
    expect(found?.application).toBe('shop.wsgi:application');
    expect(values(found?.settings ?? new Map())).toEqual({ timeout: 60, workers: 4, preload_app: true, bind: ':80' });
    expect(gunicornOf(['python', 'manage.py', 'runserver'], [read])).toBeNull();
    expect(gunicornOf(['echo', 'gunicorn', 'shop.wsgi'], [])).toBeNull();
  });

  it.each<[string, string, string[]]>([
    ['good ones', 'timeout = 30\nworkers = 3\n', []],
    ['no timeout', 'workers = 3\ntimeout = 0\n', ['gunicorn/no-timeout 2']],
    ['no timeout in a comment or a string', '# timeout = 0\nx = """\ntimeout = 0\n"""\n', []],
    ['reloading', 'reload = True\n', ['gunicorn/reload 1']],
    ['reloading that is decided later', 'import os\nreload = os.environ.get("RELOAD") == "1"\n', []],
    ['no Python', 'timeout =\n', ['gunicorn/refused 1']],
  ])('judge %s', async (_what, text, expected) => {
    expect(rulesAndLines(inspectGunicorn([await module(text)]))).toEqual(expected);
  });
});
