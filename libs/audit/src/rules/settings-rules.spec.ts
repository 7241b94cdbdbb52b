import { type Files, findingsWithSettings } from '../../fixtures/audited-tree';
import { SETTING_RULES, type SettingRule } from './setting-finding';

jest.setTimeout(240_000);

const USES_CACHE: Files = { 'shop/views.py': 'from django.core.cache import cache\n' };
const MIDDLEWARE_WITHOUT = (word: string): string => `MIDDLEWARE = [name for name in MIDDLEWARE if "${word}" not in name]`;

/** For each rule: settings that have it, and settings that a careless reader would think have it. */
const EXAMPLES: Readonly<Record<SettingRule, readonly [bad: string, good: string, more?: Files]>> = {
  'settings/debug-on': ['DEBUG = True', '# DEBUG = True\nDEBUG = os.environ.get("DEBUG") == "True"'],
  'settings/debug-never-off': [
    'DEBUG = bool(os.environ.get("DEBUG", "False"))',
    'DEBUG = os.environ.get("DEBUG", "False").lower() in ("1", "true")',
  ],
  'settings/debug-by-default': [
    'import environ\nenv = environ.Env()\nDEBUG = env.bool("DEBUG", True)',
    'import environ\nenv = environ.Env(DEBUG=(bool, False))\nDEBUG = env("DEBUG")',
  ],
  'settings/secret-key-in-source': [
    'SECRET_KEY = "k" + "3" * 20',
    'if DEBUG:\n    SECRET_KEY = "only here"\nelse:\n    SECRET_KEY = os.environ["KEY"]',
  ],
  'settings/secret-key-by-default': [
    'SECRET_KEY = os.getenv("KEY", "k3y-in-the-source")',
    'SECRET_KEY = os.getenv("KEY", "insecure")\nif SECRET_KEY == "insecure":\n    raise RuntimeError("set KEY")',
  ],
  'settings/allowed-hosts-any': ['ALLOWED_HOSTS = ["*"]', 'ALLOWED_HOSTS = ["*"] if DEBUG else ["shop.example"]'],
  'settings/no-security-middleware': [MIDDLEWARE_WITHOUT('security'), 'MIDDLEWARE += os.environ["MORE"].split(",")'],
  'settings/no-csrf-middleware': [MIDDLEWARE_WITHOUT('csrf'), 'MIDDLEWARE = ["shop.middleware.OwnCsrf", *MIDDLEWARE[:2]]'],
  'settings/no-frame-protection': [
    MIDDLEWARE_WITHOUT('clickjacking'),
    `${MIDDLEWARE_WITHOUT('clickjacking')} + ["csp.middleware.CSPMiddleware"]`,
  ],
  'settings/session-cookie-insecure': ['SESSION_COOKIE_SECURE = False', 'SESSION_COOKIE_SECURE = not DEBUG'],
  'settings/session-cookie-scripts': ['SESSION_COOKIE_HTTPONLY = False', 'SESSION_COOKIE_HTTPONLY = True'],
  'settings/csrf-cookie-insecure': ['del CSRF_COOKIE_SECURE', 'CSRF_COOKIE_SECURE = os.environ.get("HTTPS") == "on"'],
  'settings/no-https-redirect': [
    'SECURE_SSL_REDIRECT = False',
    'SECURE_SSL_REDIRECT = False\nSECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")',
  ],
  'settings/no-hsts': ['SECURE_HSTS_SECONDS = 0', 'SECURE_HSTS_SECONDS = int(os.environ.get("HSTS", 0))'],
  'settings/sniffing-allowed': ['SECURE_CONTENT_TYPE_NOSNIFF = False', 'SECURE_CONTENT_TYPE_NOSNIFF = True'],
  'settings/cors-any-origin-with-credentials': [
    'CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True',
    'CORS_ALLOW_ALL_ORIGINS = DEBUG\nCORS_ALLOW_CREDENTIALS = True',
  ],
  'settings/cors-any-origin': [
    'CORS_ORIGIN_ALLOW_ALL = True',
    'CORS_ORIGIN_ALLOW_ALL = True\nMIDDLEWARE.remove("corsheaders.middleware.CorsMiddleware")',
  ],
  'settings/fast-password-hasher': [
    'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]',
    'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.MD5PasswordHasher"]',
  ],
  'settings/no-password-validators': ['AUTH_PASSWORD_VALIDATORS = []', 'AUTH_PASSWORD_VALIDATORS.clear() if DEBUG else None'],
  'settings/pickled-sessions': [
    'SESSION_SERIALIZER = "django.contrib.sessions.serializers.PickleSerializer"',
    'SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"',
  ],
  'settings/open-api-by-default': [
    'REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"]}',
    'REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}',
  ],
  'settings/silenced-security-checks': ['SILENCED_SYSTEM_CHECKS = ["security.W004"]', 'SILENCED_SYSTEM_CHECKS = ["fields.W342"]'],
  'settings/database-password-in-source': [
    'DATABASES["default"]["PASSWORD"] = "Xk29-vv81"',
    'DATABASES["default"].update(USER="shop", PASSWORD="shop")',
  ],
  'settings/sqlite': [
    'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}',
    'import dj_database_url\nDATABASES = {"default": dj_database_url.config(default="sqlite:///db.sqlite3")}',
  ],
  'settings/connection-for-each-request': [
    'DATABASES["default"]["CONN_MAX_AGE"] = 0',
    'DATABASES["default"].update({"CONN_MAX_AGE": 0, "OPTIONS": {"pool": True}})',
  ],
  'settings/cache-of-one-process': ['del CACHES', 'CACHES = {"default": {"BACKEND": os.environ["CACHE"]}}', USES_CACHE],
  'settings/tasks-run-inline': ['CELERY_TASK_ALWAYS_EAGER = True', 'CELERY_TASK_ALWAYS_EAGER = DEBUG'],
  'settings/pickled-tasks': ['CELERY_ACCEPT_CONTENT = ["json", "pickle"]', 'CELERY_ACCEPT_CONTENT = ["json"]'],
  'settings/no-static-root': ['STATIC_ROOT = None', 'STATIC_ROOT = None\nSTORAGES = {"staticfiles": {"BACKEND": "storages.S3"}}'],
};

/** Real Python, real files. */
describe('rules about settings', () => {
  it('say nothing of clean settings', async () => {
    expect(await findingsWithSettings('')).toEqual([]);
  });

  it('believe settings that refuse to load with a key from the source', async () => {
    const guard =
      'SECRET_KEY = os.getenv("KEY", "insecure")\nif SECRET_KEY == "insecure":\n    if os.getenv("STAGE", "dev") != "dev":\n        raise RuntimeError()';
    expect(await findingsWithSettings(guard)).toEqual([]);
  });

  it.each(Object.keys(SETTING_RULES) as SettingRule[])('%s is found where it is, and only there', async (rule) => {
    const [bad, good, more = {}] = EXAMPLES[rule];
    const found = (await findingsWithSettings(bad, more)).filter((finding) => finding.rule === rule);
    expect(found).toEqual([expect.objectContaining({ ...SETTING_RULES[rule], file: 'config/settings.py', rule })]);
    expect((await findingsWithSettings(good, more)).map((finding) => finding.rule)).not.toContain(rule);
  });
});
