import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decisiveSettings } from './decisive-settings';

const BOOKSHOP = path.join(__dirname, '..', '..', '..', 'task-packs', 'django', 'bookshop');
const PLAIN = `"""Settings of a shop.

INSTALLED_APPS stands below.
"""
import os
from shop import environment

DEBUG = environment.flag("DEBUG")
INSTALLED_APPS = [
    "django.contrib.auth",  # users
    "shop",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ.get("PGDATABASE", "it's")}}
MIDDLEWARE = ["shop.middleware.Shop"]
`;

test('are what stands there, without comments', () => {
  expect(decisiveSettings(PLAIN)).toEqual([
    'INSTALLED_APPS = [\n    "django.contrib.auth",  \n    "shop",\n]',
    'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ.get("PGDATABASE", "it\'s")}}',
  ]);
});

test('are the same in the starter and the reference of the bookshop, whose settings differ', () => {
  const [starter, reference] = ['starter', 'reference'].map((kind) =>
    readFileSync(path.join(BOOKSHOP, kind, 'bookshop/settings.py'), 'utf8'),
  );
  expect(reference).not.toBe(starter);
  expect(decisiveSettings(String(starter))).toHaveLength(4);
  expect(decisiveSettings(String(reference))).toEqual(decisiveSettings(String(starter)));
});

test.each([
  ['an app more', PLAIN.replace('"shop",\n', '"shop",\n    "more",\n')],
  ['a user model', `${PLAIN}AUTH_USER_MODEL = "shop.User"\n`],
  ['another database', PLAIN.replace('backends.postgresql', 'backends.sqlite3')],
])('differ with %s', (_what, text) => {
  expect(decisiveSettings(text)).not.toBeNull();
  expect(decisiveSettings(text)).not.toEqual(decisiveSettings(PLAIN));
});

test.each([
  ['an app that is added later', `${PLAIN}INSTALLED_APPS += ["more"]\n`],
  ['an app that is added by a method', `${PLAIN}INSTALLED_APPS.append("more")\n`],
  ['a second value', `${PLAIN}INSTALLED_APPS = []\n`],
  ['a value that depends', `${PLAIN}if DEBUG:\n    AUTH_USER_MODEL = "shop.User"\n`],
  ['a value made of other values', PLAIN.replace('"shop",\n]', '"shop",\n] + MORE')],
  ['a name given by an import', `from shop.apps import INSTALLED_APPS\n${PLAIN}`],
  ['all names of a module', `${PLAIN}from shop.local import *\n`],
  ['a module under the name of another', `${PLAIN}from shop import fake as os\n`],
  ['a module that hides another', `from shop import os\n${PLAIN}`],
  ['names that are made up', `${PLAIN}globals()["AUTH_USER" + "_MODEL"] = "shop.User"\n`],
  ['the module itself', `${PLAIN}import sys\nsetattr(sys.modules[__name__], "x", 1)\n`],
  ['code in a string', `${PLAIN}X = f"{INSTALLED_APPS.append('more')}"\n`],
  ['an environment that is changed before', `import os\nos.environ["PGOPTIONS"] = "-c search_path=other"\n${PLAIN}`],
  ['a string that does not end', `${PLAIN}X = "abc\n`],
  ['a line that goes on', `${PLAIN}X = 1 + \\\n  2\n`],
])('are not certain with %s', (_what, text) => expect(decisiveSettings(text)).toBeNull());
