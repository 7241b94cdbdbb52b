import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { PythonRuntime } from './runtime';
import type { SandboxDriver, SandboxSpec, WarmStart } from './sandbox';
import { BUILD_TIMEOUT, sharedRuntime, type TestSandbox, TinyProjects } from './testing/tiny-project';
import { ZygoteDriver } from './zygote';

/** A user model of its own, a setting that reads the environment, and a default of Django REST framework. */
const SETTINGS = `
import os
from tiny.flags import FLAG
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "unset-secret-key")
SIGNING = {"key": SECRET_KEY, "flag": FLAG}
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tiny.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "rest_framework", "rest_framework.authtoken", "tiny"]
AUTH_USER_MODEL = "tiny.Person"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DATABASE", "unset")}}
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"], "DEFAULT_AUTHENTICATION_CLASSES": []}
`;
const RUN = `
from django.http import JsonResponse
def run(request):
    names = {}
    try:
        exec(request.body.decode(), names)
        return JsonResponse({"answer": names.get("answer")})
    except BaseException as error:
        return JsonResponse({"raised": f"{type(error).__name__}: {error}"})
`;
const STARTER: Readonly<Record<string, string>> = {
  'tiny/settings.py': SETTINGS,
  'tiny/flags.py': 'FLAG = open("/app/tiny/flag.txt").read()\n',
  'tiny/flag.txt': 'off',
  'tiny/models.py': `
from django.contrib.auth.models import AbstractUser
class Person(AbstractUser):
    class Meta:
        app_label = "tiny"
`,
  'tiny/run.py': RUN,
  'tiny/urls.py': `
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView
from tiny.run import run

class Open(APIView):
    def get(self, request):
        return Response("starter")

urlpatterns = [path("run/", run), path("open/", Open.as_view())]
`,
};
const ask = 'from django.test import Client; answer = [Client().get("/open/").status_code, Client().get("/open/").json()]';

let runtime: PythonRuntime;
let driver: SandboxDriver;
let start: WarmStart;
let projects: TinyProjects;
let starterDir: string;

beforeAll(async () => {
  runtime = await sharedRuntime();
  const workRoot = await mkdtemp(path.join(os.tmpdir(), 'assay-warm-'));
  driver = new ZygoteDriver({ workRoot, runtime });
  projects = new TinyProjects(() => driver, workRoot);
  starterDir = (await projects.spec(STARTER)).projectDir;
  start = { key: 'tiny', starterDir, settings: 'tiny.settings', environment: {} };
  await driver.warm(start);
}, BUILD_TIMEOUT);
afterEach(() => projects.cleanUp());
afterAll(async () => {
  await projects.close();
  await rm(path.dirname(path.dirname(starterDir)), { recursive: true, force: true });
});

async function serve(files: Readonly<Record<string, string>>, change: Partial<SandboxSpec> = {}): Promise<TestSandbox> {
  const spec = await projects.spec({ ...STARTER, ...files });
  const environment = { ...spec.environment, DJANGO_SECRET_KEY: `secret-${randomUUID()}`, DATABASE: '/tmp/db.sqlite3' };
  const sandbox = await projects.start({ ...spec, environment, warmStart: start, ...change });
  expect([await sandbox.started, sandbox.log()]).toEqual([expect.objectContaining({ outcome: 'serving' }), '']);
  return sandbox;
}

test('the starter’s settings with other code are served deep, by the submission’s own files', async () => {
  const urls = String(STARTER['tiny/urls.py']).replace('"starter"', '"submission"');
  const sandbox = await serve({ 'tiny/urls.py': urls, 'tiny/more.py': '' });
  expect(sandbox.startedFrom).toBe('deep');
  expect(await sandbox.run(ask)).toEqual([200, 'submission']);
});

test('a deep start has every value of its own: secret key, database, connection, user model', async () => {
  const sandbox = await serve({});
  expect(sandbox.startedFrom).toBe('deep');
  const look = `
import os
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from rest_framework.authtoken.models import Token
call_command("migrate", verbosity=0, run_syncdb=True)
person = get_user_model().objects.create(username="ada")
token = Token.objects.create(user=person)
answer = [settings.SECRET_KEY == os.environ["DJANGO_SECRET_KEY"] == settings.SIGNING["key"], connection.settings_dict["NAME"],
          token.user.username, get_user_model().__module__, Token._meta.get_field("user").related_model is get_user_model(),
          sorted(field.name for field in get_user_model()._meta.related_objects)]`;
  expect(await sandbox.run(look)).toEqual([true, '/tmp/db.sqlite3', 'ada', 'tiny.models', true, ['auth_token']]);
});

test('a changed default of Django REST framework takes the shallow way and counts', async () => {
  const settings = SETTINGS.replace('permissions.AllowAny', 'permissions.IsAuthenticated');
  const sandbox = await serve({ 'tiny/settings.py': settings });
  expect(sandbox.startedFrom).toBe('shallow');
  expect((await sandbox.run(ask)) as unknown[]).toEqual([403, expect.anything()]);
});

test('so does a change of any other file that the settings were read from', async () => {
  const sandbox = await serve({ 'tiny/flags.py': 'FLAG = "other"\n' });
  expect(sandbox.startedFrom).toBe('shallow');
  expect(await sandbox.run('from django.conf import settings; answer = settings.SIGNING["flag"]')).toBe('other');
});

test('settings that come out differently from the same files are loaded by a Python of their own', async () => {
  const sandbox = await serve({ 'tiny/flag.txt': 'on' });
  expect(sandbox.startedFrom).toBe('cold');
  expect(await sandbox.run('from django.conf import settings; answer = settings.SIGNING["flag"]')).toBe('on');
});

test('a project with a module that is loaded already gets a Python of its own', async () => {
  const sandbox = await serve({ 'smtplib.py': '' });
  expect(sandbox.startedFrom).toBe('cold');
  expect(await sandbox.run('import smtplib; answer = smtplib.__file__')).toBe('/app/smtplib.py');
});

test('so does one with a module that a library looked for in vain', async () => {
  const spec = await projects.spec({ ...STARTER, 'markdown.py': '' });
  const sandbox = await projects.start({ ...spec, warmStart: start });
  expect(await sandbox.started).toMatchObject({ message: expect.stringContaining("'markdown' is not a package") });
  expect(sandbox.startedFrom).toBe('cold');
});

test('a project with a package that only a deep zygote has loaded takes the shallow way', async () => {
  const urls = 'from django.urls import path\nfrom tiny.run import run\nurlpatterns = [path("run/", run)]\n';
  const settings = SETTINGS.replace('"rest_framework", "rest_framework.authtoken", ', '');
  const sandbox = await serve({ 'tiny/settings.py': settings, 'tiny/urls.py': urls, 'rest_framework/__init__.py': '' });
  expect(sandbox.startedFrom).toBe('shallow');
  expect(await sandbox.run('import rest_framework; answer = rest_framework.__file__')).toBe('/app/rest_framework/__init__.py');
});

test('a project that wants another Python gets one of its own', async () => {
  const sandbox = await serve({}, { environment: { PYTHONHASHSEED: '7', DATABASE: '/tmp/db.sqlite3' } });
  expect(sandbox.startedFrom).toBe('cold');
});

test('nothing is warm without a warm start', async () => {
  const sandbox = await serve({}, { warmStart: null });
  expect(sandbox.startedFrom).toBe('shallow');
});

test('modules of ours do not stand in the way of a project’s', async () => {
  const sandbox = await serve({ 'project.py': 'MINE = True', 'warm.py': 'MINE = True' });
  expect(sandbox.startedFrom).toBe('deep');
  expect(await sandbox.run('import project, warm; answer = project.MINE and warm.MINE')).toBe(true);
});

test('a starter that Django cannot be set up with is no reason not to start', async () => {
  const { projectDir } = await projects.spec({ ...STARTER, 'tiny/settings.py': 'raise ValueError("broken")' });
  const broken = { ...start, key: 'broken', starterDir: projectDir };
  await driver.warm(broken);
  const sandbox = await serve({}, { warmStart: broken });
  expect(sandbox.startedFrom).toBe('shallow');
});
