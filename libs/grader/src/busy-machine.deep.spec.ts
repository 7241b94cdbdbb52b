import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { GradingBench, withoutTimings } from '../fixtures/grading-bench';

jest.setTimeout(900_000);

const TIMES = 5;

/** The limit of a request is two seconds of the project's own time, however long the machine takes to give it a processor. */
describe('grades on a machine with far too much to do', () => {
  let bench: GradingBench;
  const busy: ChildProcess[] = [];

  beforeAll(async () => {
    bench = await GradingBench.open();
  }, 600_000);
  afterAll(() => bench.close());
  afterEach(async () => {
    const ended = busy.map((child) => once(child, 'exit'));
    for (const child of busy.splice(0)) child.kill('SIGKILL');
    await Promise.all(ended);
  });

  const view = (forCarol: string) => ({
    'notes/views.py': `import json, time
from django.http import JsonResponse
from .models import Note
def compute(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        sum(range(1000))
def notes(request):
    user = request.headers.get("X-User", "")
    if user == "carol":
        ${forCarol}
    if request.method == "POST":
        note = Note.objects.create(owner=user, text=json.loads(request.body)["text"])
        return JsonResponse({"id": note.id}, status=201)
    return JsonResponse(list(Note.objects.filter(owner=user).order_by("id").values_list("text", flat=True)), safe=False)
`,
  });

  it.each([
    ['is quick', 'pass', 'passed'],
    ['computes for less than its limit', 'compute(1)', 'passed'],
    ['computes for more than its limit', 'compute(3)', 'errored'],
    ['sleeps for more than its limit', 'time.sleep(60)', 'errored'],
  ])('are the same as on a quiet one for a project that %s', async (_what, forCarol, expected) => {
    const quiet = await bench.grade(view(forCarol));
    expect(quiet.checks.map(({ status }) => status)).toEqual(['passed', expected, 'passed', 'passed']);
    for (let number = 0; number < 3 * os.cpus().length; number += 1) {
      busy.push(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore', detached: true }));
    }
    for (let times = 0; times < TIMES; times += 1) {
      expect(withoutTimings(await bench.grade(view(forCarol)))).toBe(withoutTimings(quiet));
    }
  });
});
