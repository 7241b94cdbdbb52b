import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { AuditFinding, AuditReport } from '@assay/contracts/audit-report';
import { findPython } from '@assay/sandbox/runtime/find-python';
import { auditProject } from '../audit-project';

export type Files = Readonly<Record<string, string | Buffer>>;

/** A project that gives no finding; what is written over it does. */
export const CLEAN_SETTINGS = `
import os
DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = os.environ["HOSTS"].split(",")
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.sessions", "django.contrib.staticfiles", "corsheaders", "shop"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": os.environ["DB_PASSWORD"], "CONN_MAX_AGE": 60}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["REDIS"]}}
STATIC_ROOT = "/srv/static"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 3600
ROOT_URLCONF = "shop.urls"
`;

export const CLEAN_PROJECT: Files = {
  'manage.py': 'import os\nimport django\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")\n',
  'config/__init__.py': '',
  'config/settings.py': CLEAN_SETTINGS,
  'config/wsgi.py': 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")\n',
  'shop/__init__.py': '',
  'shop/tests.py': 'def test_it():\n    assert True\n',
};

/** Writes a tree into a new folder; the caller removes it. */
export async function writeTree(files: Files): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'assay-audit-spec-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), content);
  }
  return root;
}

/** Audits a folder with the Python of this machine. */
export async function auditFolder(folder: string): Promise<AuditReport> {
  const { executable } = await findPython();
  const source = { kind: 'folder', name: 'project', commit: null } as const;
  return auditProject({ folder, source, python: executable, signal: new AbortController().signal });
}

/** The clean project with these files over it. */
export async function auditOf(files: Files, base: Files = CLEAN_PROJECT): Promise<AuditReport> {
  const folder = await writeTree({ ...base, ...files });
  try {
    return await auditFolder(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Findings of the clean project whose settings end with these lines. */
export async function findingsWithSettings(lines: string, more: Files = {}): Promise<readonly AuditFinding[]> {
  return (await auditOf({ ...more, 'config/settings.py': `${CLEAN_SETTINGS}${lines}\n` })).findings;
}
