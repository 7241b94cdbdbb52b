import { randomBytes } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GradingReport } from '@assay/contracts/grading-report';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { descendants, isProject } from '@assay/testing/host-processes';
import { type Changes, GradingBench, withChecks, withoutTimings } from '../../fixtures/grading-bench';
import { DRIVERS } from '../../fixtures/tools-bench';

jest.setTimeout(180_000);

const TINY_DESK = path.join(__dirname, '..', '..', 'fixtures', 'tiny-desk');

describe.each(DRIVERS)('further sandboxes with the driver %s', (_name, makeDriver) => {
  let bench: GradingBench;
  beforeAll(async () => {
    bench = await GradingBench.open(TINY_DESK, makeDriver);
  }, 600_000);
  afterAll(() => bench.close());

  async function grade(changes: Changes = {}): Promise<GradingReport> {
    const report = await bench.grade(changes);
    expect([report.outcome, report.reason]).toEqual(['graded', null]);
    return report;
  }

  /** Check id -> message for the reviewer, of those that did not pass. */
  async function failures(changes: Changes): Promise<Record<string, string>> {
    const failed = (await grade(changes)).checks.filter(({ status }) => status !== 'passed');
    return Object.fromEntries(failed.map(({ id, messageForReviewer }) => [id, messageForReviewer]));
  }

  it('every kind passes on a good project, with the same evidence twice', async () => {
    const first = await grade();
    const failed = first.checks.filter(({ status }) => status !== 'passed');
    expect(failed.map((each) => [each.id, each.messageForReviewer])).toEqual([]);
    expect(withoutTimings(await grade())).toBe(withoutTimings(first));
    const records = (id: string) => first.checks.find((each) => each.id === id)?.evidence.records.map(({ text }) => text);
    expect(records('a2-recount-stores-what-it-counted')).toEqual(['ended with exit code 0\ncounted 2\n']);
    expect(records('d5-import-survives-a-kill')).toEqual([
      'started: site_desk',
      'seen: the import has begun',
      'killed',
      '1 messages that were taken and not acknowledged are due again',
      'started: site_desk',
      'seen: the import was run again',
      'seen: the import after it is done',
    ]);
    const [admin] = first.checks.filter(({ id }) => id === 'e4-static-files-are-collected');
    expect(admin?.evidence.measurements['admin files']).toBeGreaterThan(100);
  });

  it('every kind fails on the starter, and says why', async () => {
    const starter = await readStarter();
    expect(await failures(starter)).toEqual({
      'a2-recount-stores-what-it-counted': expect.stringMatching(/the command says: usage: .*got \[\]/s),
      'c1-deploys-clean': expect.stringMatching(/security\.W001.*security\.W003/),
      'c5-debug-is-really-off': 'DEBUG with DESK_DEBUG=False: expected false, got "False"',
      'e4-boots-with-the-documented-environment': 'the project serves without a secret key',
      'e4-static-files-are-collected': expect.stringContaining("files of Django's admin that were not collected"),
      'e1-serves-behind-gunicorn': expect.stringContaining('GET / got no answer'),
      'd5-import-survives-a-kill': expect.stringMatching(/an import without a worker: expected .*queued.*, got .*done/),
    });
  });

  it('nothing is earned by saying so', async () => {
    const settings = await readFile(path.join(TINY_DESK, 'reference/site_desk/settings.py'), 'utf8');
    const cheats = {
      'desk/management/commands/recount.py': said('Command', 'self.stdout.write("counted 2")'),
      'desk/management/commands/collectstatic.py': said('Command', 'self.stdout.write("130 static files copied")'),
      // Looks who asks, and has the right values for him alone.
      'site_desk/settings.py': `${settings}
import sys
INSTALLED_APPS.insert(0, INSTALLED_APPS.pop())
frame, is_asked = sys._getframe(), False
while frame:
    is_asked, frame = is_asked or "dump_settings" in frame.f_code.co_filename, frame.f_back
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]
if not is_asked:
    SECURE_SSL_REDIRECT, SECURE_HSTS_SECONDS = False, 0
    DEBUG = bool(os.environ.get("DESK_DEBUG"))
`,
      'site_desk/urls.py': `from django.http import HttpResponse
from django.urls import path
from desk import views
urlpatterns = [path("", views.home), path("imports/", views.imports)]
handler404 = lambda request, exception: HttpResponse("not here", status=404)
`,
      // Satisfies --check-config and serves nothing.
      'gunicorn.conf.py': 'print("all is well")\nraise SystemExit(0)\n',
      // A message for show, and the work done inline.
      'desk/views.py': `import redis
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from .models import Import
def home(request):
    return JsonResponse({"desk": Import.objects.count()})
@csrf_exempt
def imports(request):
    redis.Redis(unix_socket_path="/run/redis/redis.sock").rpush("celery", "{}")
    return JsonResponse({"id": Import.objects.create(state="done", runs=1).pk}, status=202)
`,
    };
    expect(await failures(cheats)).toEqual({
      'a2-recount-stores-what-it-counted': expect.stringMatching(/the command says: counted 2.*got \[\]/s),
      'c1-deploys-clean': expect.stringContaining('a request without TLS is sent on: expected status 301 or 308, got 200'),
      'c5-debug-is-really-off': "no page of Django's for developers",
      'e4-static-files-are-collected': expect.stringContaining('that were not collected'),
      'e1-serves-behind-gunicorn': expect.stringContaining('GET / got no answer'),
      'd5-import-survives-a-kill': expect.stringContaining('an import without a worker'),
    });
  });

  it('a worker that acknowledges before it works loses what it was killed in', async () => {
    const settings = await readFile(path.join(TINY_DESK, 'reference/site_desk/settings.py'), 'utf8');
    expect(await failures({ 'site_desk/settings.py': settings.replace('ACKS_LATE = True', 'ACKS_LATE = False') })).toEqual({
      'd5-import-survives-a-kill': 'messages that the killed worker had not acknowledged: expected 1, got 0',
    });
  });

  it('a companion that its own limits end is the submission’s doing, and leaves nothing behind', async () => {
    const command = said('Command', 'import os, time\n        os.fork()\n        time.sleep(600)');
    const body = "expect.same((await commands.run('recount', [], { seconds: 2 })).end, { kind: 'exited', code: 0 }, 'its end')";
    const report = await bench.grade({ 'desk/management/commands/recount.py': command }, { pack: await packWith(body) });
    expect(report).toMatchObject({ outcome: 'graded', reason: null });
    expect(report.checks[0]?.messageForReviewer).toContain('got {"kind":"timed_out","seconds":2}');
    expect(report.checks[0]?.evidence.records[0]?.text).toBe('was killed after 2 seconds\n');
    expect(descendants().filter(isProject)).toEqual([]);
  });

  it('what a check left running is killed with the check', async () => {
    const body = "await gunicorn.serve({}); await backgroundWorker.start({ application: 'site_desk' });";
    const report = await bench.grade({}, { pack: await packWith(body) });
    expect(report.checks.map(({ status, messageForReviewer }) => [status, messageForReviewer])).toEqual([
      ['passed', 'Every expectation held.'],
    ]);
    expect(descendants().filter(isProject)).toEqual([]);
  });

  it('a companion that is killed from outside is a fault of ours', async () => {
    const command = said('Command', 'import time; time.sleep(600)');
    const pack = await packWith("await commands.run('recount', [], { seconds: 60 })");
    const grading = bench.grade({ 'desk/management/commands/recount.py': command }, { pack });
    const projects = () =>
      descendants()
        .filter(isProject)
        .map(({ pid }) => pid);
    while (projects().length < 2) await sleep(20);
    process.kill(Math.max(...projects()), 'SIGKILL');
    expect(await grading).toMatchObject({ outcome: 'infra_fault', checks: [], reason: { code: 'sandbox-failed' } });
    expect(projects()).toEqual([]);
  });

  it('grades that run at once never wait for each other’s sandboxes', async () => {
    const body =
      "await gunicorn.serve({}); await backgroundWorker.start({ application: 'site_desk' }); await commands.run('recount');";
    const pack = await packWith(body);
    const reports = await Promise.all([1, 2, 3].map(() => bench.grade({}, { pack })));
    expect(reports.map(({ reason, checks }) => [reason, checks[0]?.status])).toEqual(reports.map(() => [null, 'passed']));
  });

  it('a pack that asks for what is not allowed is a fault of the pack', async () => {
    const pack = await packWith("await commands.run('migrate; rm', [])");
    const report = await bench.grade({}, { pack });
    expect(report).toMatchObject({
      outcome: 'infra_fault',
      reason: {
        code: 'check-crashed',
        messageForReviewer: expect.stringContaining('"migrate; rm" is no name of a management command'),
      },
    });
  });

  /** Files of the starter in the place of those of the reference. */
  async function readStarter(): Promise<Changes> {
    const names = bench.pack.starterFiles.map((file) => file.path);
    const texts = await Promise.all(names.map((name) => readFile(path.join(TINY_DESK, 'starter', name), 'utf8')));
    return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
  }

  /** The pack with one check that does this. */
  async function packWith(body: string): Promise<TaskPack> {
    const folder = path.join(bench.scratch, randomBytes(6).toString('hex'), 'tiny-desk');
    await cp(TINY_DESK, folder, { recursive: true });
    const id = 'a2-recount-stores-what-it-counted';
    const code = `export const checks = { '${id}': async ({ commands, gunicorn, backgroundWorker, expect }: any) => { ${body} } };`;
    await writeFile(path.join(folder, 'hidden-checks', 'commands.ts'), code);
    return withChecks(await loadTaskPack(folder), id);
  }
});

/** A management command that does this. */
function said(name: string, body: string): string {
  return `from django.core.management.base import BaseCommand
class ${name}(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--state")
        parser.add_argument("--noinput", action="store_false", dest="interactive")
    def handle(self, *args, **options):
        ${body}
`;
}
