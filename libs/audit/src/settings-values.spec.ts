import { rm } from 'node:fs/promises';
import { findPython } from '@assay/sandbox/runtime/find-python';
import { type Files, writeTree } from '../fixtures/audited-tree';
import type { SettingsFacts } from './project-facts';
import { readProject } from './read-project';
import { possibilities, type SettingValue, withoutVariables } from './setting-value';

jest.setTimeout(120_000);

const MANAGE = 'import os, django\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf.settings")\n';
const TELLING = 'INSTALLED_APPS = []\nROOT_URLCONF = "x"\n';

async function settingsOf(files: Files): Promise<SettingsFacts> {
  const tree: Files = { 'manage.py': MANAGE, 'conf/__init__.py': '', ...files };
  const folder = await writeTree(tree);
  try {
    const { executable } = await findPython();
    const facts = await readProject(executable, folder, Object.keys(tree), new AbortController().signal);
    if (facts.settings === null) throw new Error('no settings were found');
    return facts.settings;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function debugOf(text: string, more: Files = {}): Promise<SettingValue> {
  const settings = await settingsOf({ 'conf/settings.py': `${TELLING}${text}\n`, ...more });
  return settings.values.DEBUG?.value ?? { kind: 'unset' };
}

/** The values that it may have, as a reader would write them. */
function shown(value: SettingValue): unknown[] {
  return [...new Set(possibilities(value).map((one) => JSON.stringify(plain(one))))].map((text) => JSON.parse(text));
}

function plain(value: SettingValue): unknown {
  if (value.kind === 'known') return value.value;
  if (value.kind === 'list') return value.items.map(plain);
  if (value.kind === 'map') return Object.fromEntries(value.entries.map(({ key, value: inner }) => [key, plain(inner)]));
  return `<${value.kind}>`;
}

/** The evaluator itself, in real Python. `DEBUG` stands for any setting. */
describe('evaluated settings', () => {
  it.each<[code: string, values: unknown[]]>([
    ['A = [1, 2]\nA += (3,)\nA.append(4)\nA.insert(0, 0)\nA.remove(2)\nDEBUG = A', [[0, 1, 3, 4]]],
    ['from pathlib import Path\nDEBUG = str(Path("/srv") / "a" / f"b{1 + 1}")', ['/srv/a/b2']],
    ['import os\nDEBUG = os.path.join(os.path.dirname("/a/b"), "c")', ['/a/c']],
    ['A = {"x": {"y": 1}}\nA["x"]["z"] = 2\nDEBUG = {**A, "w": dict(v=3)}', [{ x: { y: 1, z: 2 }, w: { v: 3 } }]],
    ['DEBUG = [n for n in ["a", "b"] if n != "a"]', [['b']]],
    [
      'def pick(name, default="d"):\n    if name == "x":\n        return default\n    return name\nDEBUG = [pick("x"), pick("y")]',
      [['d', 'y']],
    ],
    ['for n in ["a", "b", "c"]:\n    if n == "b":\n        continue\n    DEBUG = n', ['c']],
    ['import sys\nDEBUG = "test" in sys.argv', [false]],
    ['import os\nif os.environ.get("E") == "prod":\n    DEBUG = 1\nelse:\n    DEBUG = 2', [2, 1]],
    [
      'import os\ntry:\n    DEBUG = os.environ["D"]\nexcept KeyError:\n    DEBUG = "none"',
      ['none', 'text', 'True', 'true', '1', 'False', 'false', '0', 'off', 'no', ''],
    ],
    ['from decouple import config\nDEBUG = config("D", default=False, cast=bool)', [false, true]],
    ['from decouple import config, Csv\nDEBUG = config("D", default="a, b", cast=Csv())[1:]', [['b'], []]],
    ['import environ\nenv = environ.Env(D=(bool, True))\nDEBUG = env("D")', [true, false]],
    ['from distutils.util import strtobool\nimport os\nDEBUG = bool(strtobool(os.getenv("D", "no")))', [false, true]],
    ['import os\nDEBUG = bool(int(os.environ.get("D", 0)))', [false, true]],
    ['try:\n    from .local import *\nexcept ImportError:\n    pass', ['<unset>']],
    ['DEBUG = 1\nfrom .local import *', [1, '<unknown>']],
    ['DEBUG = 9 ** 99999999', ['<unknown>']],
    ['DEBUG = "x" * 10 ** 9', ['<unknown>']],
    ['DEBUG = "%999999999d" % 1', ['<unknown>']],
    ['while True:\n    DEBUG = 1', [1, '<unknown>']],
    ['def f():\n    return f()\nDEBUG = f()', ['<unknown>']],
    ['DEBUG = __import__("os").system("touch /tmp/assay-audit-ran")', ['<unknown>']],
  ])('%s', async (code, values) => {
    expect(shown(await debugOf(code))).toEqual(values);
  });

  it('follows imports between settings and takes the production module', async () => {
    const settings = await settingsOf({
      'conf/settings/__init__.py': '',
      'conf/settings/base.py': `${TELLING}DEBUG = True\nSECRET_KEY = "base"\n`,
      'conf/settings/production.py': 'from .base import *\nDEBUG = False\n',
      'conf/settings/local.py': 'from .base import *\nSECRET_KEY = "local"\n',
    });
    expect(settings).toMatchObject({ file: 'conf/settings/production.py', rank: 1 });
    expect(settings.values.DEBUG).toMatchObject({ value: { value: false }, file: 'conf/settings/production.py', line: 2 });
    expect(settings.values.SECRET_KEY).toMatchObject({ value: { value: 'base' }, file: 'conf/settings/base.py', line: 4 });
  });

  it('takes what a Dockerfile names, not what its comments name', async () => {
    const settings = await settingsOf({
      'conf/settings.py': TELLING,
      'conf/cloud_settings.py': TELLING,
      'conf/old_settings.py': TELLING,
      Dockerfile: '# ENV DJANGO_SETTINGS_MODULE=conf.old_settings\nENV DJANGO_SETTINGS_MODULE=conf.cloud_settings\n',
    });
    expect(settings).toMatchObject({ file: 'conf/cloud_settings.py', rank: 2 });
  });

  it('does not judge development settings when the deployment names others', async () => {
    const settings = await settingsOf({
      'conf/settings.py': TELLING,
      Dockerfile: 'ENV DJANGO_SETTINGS_MODULE=secret.production\n',
    });
    expect(settings.rank).toBeGreaterThanOrEqual(10);
  });

  it('tells what an environment gives', async () => {
    const value = await debugOf('import os\nDEBUG = os.environ.get("DEBUG", "no") == "yes"');
    expect(withoutVariables(value)).toEqual({ kind: 'known', value: false });
    expect(value).toMatchObject({ kind: 'environment', names: ['DEBUG'] });
    const on = value.kind === 'environment' && value.outcomes.find(({ set }) => set?.DEBUG === 'yes');
    expect(on).toMatchObject({ value: { value: true } });
  });
});
