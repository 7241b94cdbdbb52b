import type { ProductionSettings } from '../production-settings';
import { entryOf, isAlways, isKnown, listContains, possibilities, textOf, truthOf } from '../setting-value';
import { finding, type SettingFinding } from './setting-finding';
import { has } from './web-security';

const NETWORKED = /(postgresql|postgresql_psycopg2|postgis|mysql|oracle)$/;
const ONE_PROCESS = /(LocMemCache|DummyCache)$/;
/** Passwords that nobody takes for one: the same words stand in every tutorial. */
const STAND_IN = /^(|postgres|password|root|admin|django|mysql|secret|changeme|example|test|user|your.*|<.*>|\*+|x+)$/i;

/** Databases, caches, tasks and static files. */
export function judgeDataAndDeployment(settings: ProductionSettings, imports: ReadonlySet<string>): SettingFinding[] {
  return [...judgeDatabase(settings), ...judgeCache(settings, imports), ...judgeTasks(settings), ...judgeStatic(settings)];
}

function judgeDatabase(settings: ProductionSettings): SettingFinding[] {
  const placed = settings.get('DATABASES');
  const database = entryOf(placed.value, 'default');
  const engine = entryOf(database, 'ENGINE');
  const found: SettingFinding[] = [];
  if (isAlways(engine, (one) => /sqlite3$/.test(textOf(one) ?? '')))
    found.push(finding('settings/sqlite', placed, 'The database of production is SQLite in every environment.'));
  if (isAlways(engine, (one) => NETWORKED.test(textOf(one) ?? ''))) {
    const keepsNone = isAlways(entryOf(database, 'CONN_MAX_AGE'), (one) => one.kind === 'unset' || isKnown(one, 0));
    const pool = entryOf(entryOf(database, 'OPTIONS'), 'pool');
    if (keepsNone && isAlways(pool, (one) => truthOf(one) === false))
      found.push(
        finding('settings/connection-for-each-request', placed, 'The database has neither CONN_MAX_AGE nor a pool.', 'medium'),
      );
    const password = entryOf(database, 'PASSWORD');
    if (password.kind === 'known' && isSecret(password, textOf(entryOf(database, 'USER')), textOf(entryOf(database, 'NAME'))))
      found.push(finding('settings/database-password-in-source', placed, 'The password of the database stands in the source.'));
  }
  return found;
}

function isSecret(password: { readonly value: unknown }, user: string | null, name: string | null): boolean {
  const { value } = password;
  return typeof value === 'string' && !STAND_IN.test(value) && value !== user && value !== name;
}

function judgeCache(settings: ProductionSettings, imports: ReadonlySet<string>): SettingFinding[] {
  const isUsed = ['django.core.cache.cache', 'django.core.cache.caches', 'django.views.decorators.cache.cache_page'].some(
    (name) => imports.has(name),
  );
  if (!isUsed) return [];
  const placed = settings.get('CACHES');
  const backend = entryOf(entryOf(placed.value, 'default'), 'BACKEND');
  if (!isAlways(backend, (one) => one.kind === 'unset' || ONE_PROCESS.test(textOf(one) ?? ''))) return [];
  const what = placed.value.kind === 'unset' ? 'CACHES is not set' : 'The default cache is of one process';
  return [
    finding(
      'settings/cache-of-one-process',
      placed,
      `The code uses the cache, and ${what.charAt(0) === 'T' ? `t${what.slice(1)}` : what}.`,
    ),
  ];
}

function judgeTasks(settings: ProductionSettings): SettingFinding[] {
  const found: SettingFinding[] = [];
  for (const name of ['CELERY_TASK_ALWAYS_EAGER', 'CELERY_ALWAYS_EAGER'] as const)
    if (isAlways(settings.value(name), (one) => isKnown(one, true)))
      found.push(finding('settings/tasks-run-inline', settings.get(name), `${name} is on.`));
  const accepted = settings.get('CELERY_ACCEPT_CONTENT');
  const serializer = settings.get('CELERY_TASK_SERIALIZER');
  if (listContains(accepted.value, (text) => text === 'pickle' || text === 'application/x-python-serialize') === 'yes')
    found.push(finding('settings/pickled-tasks', accepted, 'CELERY_ACCEPT_CONTENT accepts pickles.'));
  else if (isAlways(serializer.value, (one) => isKnown(one, 'pickle')))
    found.push(finding('settings/pickled-tasks', serializer, 'CELERY_TASK_SERIALIZER is pickle.'));
  return found;
}

function judgeStatic(settings: ProductionSettings): SettingFinding[] {
  const root = settings.get('STATIC_ROOT');
  const isMissing = isAlways(root.value, (one) => truthOf(one) === false);
  const hasOwnStorage = [settings.value('STORAGES'), settings.value('STATICFILES_STORAGE')].some((value) =>
    possibilities(value).some((one) => one.kind !== 'unset'),
  );
  if (!isMissing || hasOwnStorage || has(settings, 'INSTALLED_APPS', 'django.contrib.staticfiles') !== 'yes') return [];
  return [finding('settings/no-static-root', root, 'Static files are installed but STATIC_ROOT is not set.')];
}
