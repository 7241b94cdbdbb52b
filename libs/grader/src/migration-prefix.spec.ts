import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sha256 } from '@assay/task-pack/folder-hash';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { commonParts, type MigrationPlan } from './migration-prefix';

const step = (label: string, standsAlone = true) => ({ label, name: '0001_initial', standsAlone });
/** As Django plans a shop with a user model of its own: `admin` needs `customers`. */
const PLAN: MigrationPlan = {
  isPlain: true,
  apps: [
    { label: 'customers', folder: 'customers', config: 'customers/apps.py' },
    { label: 'catalog', folder: 'shop/catalog', config: null },
    { label: 'orders', folder: 'orders', config: 'orders/setup.py' },
    { label: 'reports', folder: 'reports', config: null },
  ],
  packages: ['django', 'rest_framework'],
  parts: [
    { label: 'admin', migrations: [step('contenttypes'), step('auth'), step('customers'), step('admin')] },
    { label: 'auth', migrations: [] },
    { label: 'catalog', migrations: [step('catalog')] },
    { label: 'orders', migrations: [step('orders')] },
    { label: 'sessions', migrations: [step('sessions')] },
  ],
};
const STARTER: Readonly<Record<string, string>> = {
  'manage.py': '',
  'site/__init__.py': '',
  'site/settings.py': 'DEBUG = True\nINSTALLED_APPS = ["shop.catalog"]\n',
  'customers/__init__.py': '',
  'customers/apps.py': 'apps',
  'customers/migrations/0001_initial.py': 'customers',
  'shop/__init__.py': '',
  'shop/catalog/__init__.py': '',
  'shop/catalog/models.py': 'models',
  'shop/catalog/migrations/0001_initial.py': 'catalog',
  'orders/migrations/0001_initial.py': 'orders',
  'orders/setup.py': 'setup',
  'reports/views.py': 'views',
};

describe('how much of the starter’s plan a submission begins with', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function parts(changes: Readonly<Record<string, string | null>>, plan = PLAN): Promise<number> {
    const hashed = (files: Readonly<Record<string, string>>) =>
      Object.entries(files).map(([name, text]) => ({ path: name, sha256: sha256(text) }));
    const submitted: Record<string, string> = { ...STARTER };
    for (const [name, text] of Object.entries(changes)) {
      if (text === null) delete submitted[name];
      else submitted[name] = text;
    }
    const write = async (kind: string, files: Readonly<Record<string, string>>): Promise<string> => {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(folder, kind, name)), { recursive: true });
        await writeFile(path.join(folder, kind, name), text);
      }
      return path.join(folder, kind);
    };
    const projectDir = await write('project', submitted);
    const changed = Object.keys(submitted).filter((name) => submitted[name] !== STARTER[name]);
    const definition = { framework: { settings: 'site.settings' } };
    const pack = {
      definition,
      starterFolder: await write('starter', STARTER),
      starterFiles: hashed(STARTER),
    } as unknown as TaskPack;
    return commonParts(plan, pack, { contentHash: '', files: hashed(submitted), changed }, projectDir);
  }

  it.each<[string, number, Readonly<Record<string, string | null>>]>([
    ['adds a migration to an app', 2, { 'shop/catalog/migrations/0002_more.py': 'x' }],
    ['adds one to a later app', 3, { 'orders/migrations/0002_more.py': 'x' }],
    ['adds some to two apps', 2, { 'orders/migrations/0002.py': 'x', 'shop/catalog/migrations/0002.py': 'x' }],
    ['changes a migration', 2, { 'shop/catalog/migrations/0001_initial.py': 'other' }],
    ['removes one', 3, { 'orders/migrations/0001_initial.py': null }],
    ['gives migrations to an app that had none', 4, { 'reports/migrations/0001_initial.py': 'x' }],
    ['changes models and adds a migration', 2, { 'shop/catalog/models.py': 'y', 'shop/catalog/migrations/0002_more.py': 'x' }],
    [
      'changes a setting that decides nothing',
      3,
      {
        'orders/migrations/0002_more.py': 'x',
        'site/settings.py': 'DEBUG = False\nINSTALLED_APPS = ["shop.catalog"]\nX = 1\n',
        'site/new.py': '',
      },
    ],
  ])('%s: %d parts', async (_what, expected, changes) => expect(await parts(changes)).toBe(expected));

  const ADDED = { 'orders/migrations/0002_more.py': 'x' };
  it.each<[string, Readonly<Record<string, string | null>>]>([
    ['touches the app that all others need', { 'customers/migrations/0002_more.py': 'x' }],
    ['has migrations of an unknown app', { 'other/migrations/0001_initial.py': 'x' }],
    ['has migrations in a folder below', { 'orders/migrations/more/0002.py': 'x' }],
    ['changes how an app is called', { ...ADDED, 'customers/apps.py': 'other' }],
    ['gives an app a configuration', { ...ADDED, 'reports/apps.py': 'x' }],
    ['changes a configuration under another name', { ...ADDED, 'orders/setup.py': 'x' }],
    ['changes what is run when an app is imported', { ...ADDED, 'shop/__init__.py': 'x' }],
    ['hides a package', { ...ADDED, 'rest_framework/authtoken.py': 'x' }],
    ['hides a package by a module', { ...ADDED, 'django.py': 'x' }],
    ['wants to run before others', { 'orders/migrations/0002_more.py': 'run_before = [("admin", "0001_initial")]' }],
    ['replaces migrations', { 'orders/migrations/0002_more.py': 'replaces = [("auth", "0001_initial")]' }],
    ['listens to migrations', { ...ADDED, 'reports/views.py': 'from django.db.models.signals import pre_migrate' }],
    ['listens to connections', { ...ADDED, 'reports/new.py': 'connection_created.connect(f)' }],
    ['adds an app', { ...ADDED, 'site/settings.py': 'DEBUG = True\nINSTALLED_APPS = ["shop.catalog", "x"]\n' }],
    ['adds an app by the way', { ...ADDED, 'site/settings.py': `${STARTER['site/settings.py']}INSTALLED_APPS += ["x"]\n` }],
    ['has other settings in a package', { ...ADDED, 'site/settings/__init__.py': '' }],
    ['changes what is run before the settings', { ...ADDED, 'site/__init__.py': 'x' }],
    ['reaches into the machinery', { ...ADDED, 'reports/new.py': 'from django.db.migrations.executor import MigrationExecutor' }],
  ])('%s: nothing is certain', async (_what, changes) => expect(await parts(changes)).toBe(0));

  it('stops where a migration needs another file of the project', async () => {
    const [admin, auth, catalog, ...rest] = PLAN.parts;
    const leaning = {
      ...PLAN,
      parts: [admin, auth, { label: 'catalog', migrations: [step('catalog', false)] }, ...rest],
    } as MigrationPlan;
    expect(catalog?.label).toBe('catalog');
    expect(await parts(ADDED, leaning)).toBe(2);
  });

  it('is none for a starter whose plan is not plain', async () => {
    expect(await parts(ADDED, { ...PLAN, isPlain: false })).toBe(0);
  });
});
