import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PracticeProgress } from '@assay/contracts/practice-progress';
import { type PracticeReport, practiceReportSchema } from '@assay/contracts/practice-report';
import { chooseDriver } from '@assay/sandbox/choose-driver';
import { prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { createGrader, type Grader } from '../grader';

const TINY_NOTES = path.join(__dirname, '..', '..', 'fixtures', 'tiny-notes');

const CHECKS = `
import os
import pytest

@pytest.mark.django_db
def test_notes_are_kept():
    from notes.models import Note
    assert Note.objects.count() == 0
    Note.objects.create(text="one")
    assert Note.objects.count() == 1

@pytest.mark.django_db
def test_the_list_is_empty(client):
    assert client.get("/notes/").json() == []

def test_is_skipped():
    pytest.skip("not today")

def test_cannot_be_set_up(missing_fixture):
    pass
`;

/** Real: the sandbox, PostgreSQL, pytest, the judge process. The pack is the tiny one with visible checks of its own. */
describe('a practice run', () => {
  let scratch: string;
  let pack: TaskPack;
  let grader: Grader;

  beforeAll(async () => {
    scratch = mkdtempSync(path.join(os.tmpdir(), 'practice-'));
    const folder = path.join(scratch, 'tiny-notes');
    cpSync(TINY_NOTES, folder, { recursive: true });
    writeFileSync(path.join(folder, 'visible-checks', 'test_notes.py'), CHECKS);
    pack = await loadTaskPack(folder);
    const runtime = await prepareRuntime({ home: assayHome(process.env, os.homedir()) });
    grader = createGrader({ sandbox: await chooseDriver({ workRoot: os.tmpdir(), runtime }), runtime });
  });
  afterAll(async () => {
    await grader?.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  /** The starter with these files over it. */
  function project(files: Readonly<Record<string, string>> = {}): string {
    const folder = mkdtempSync(path.join(scratch, 'project-'));
    cpSync(pack.starterFolder, folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    return folder;
  }

  async function practise(files: Readonly<Record<string, string>> = {}): Promise<PracticeReport> {
    const report = await grader.practice({ pack, folder: project(files) });
    if (report.faultDetail) process.stderr.write(`${report.faultDetail}\n`);
    return practiceReportSchema.parse(report);
  }

  test('tells of every visible check, on an empty database with the migrations, and of each as it ends', async () => {
    const told: PracticeProgress[] = [];
    const report = await grader.practice({ pack, folder: project(), onPhase: (progress) => told.push(progress) });
    expect(report.reason).toBeNull();
    expect(report.checks.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['test_notes.py::test_notes_are_kept', 'passed'],
      ['test_notes.py::test_the_list_is_empty', 'passed'],
      ['test_notes.py::test_is_skipped', 'skipped'],
      ['test_notes.py::test_cannot_be_set_up', 'errored'],
    ]);
    expect(report).toMatchObject({ outcome: 'finished', unlistedChecks: 0, faultDetail: null });
    expect(report.checks[3]?.message).toContain('missing_fixture');
    expect(report.output).toContain('2 passed, 1 skipped, 1 error');
    expect(told[0]).toEqual({ phase: 'starting' });
    expect(told.at(-1)).toMatchObject({ phase: 'checking', done: 4, total: 4 });
  });

  test('says why a check failed', async () => {
    const views = 'from django.http import JsonResponse\ndef notes(request):\n    return JsonResponse(["seeded"], safe=False)\n';
    const { checks, outcome } = await practise({ 'notes/views.py': views });
    expect(outcome).toBe('finished');
    expect(checks[1]).toMatchObject({ outcome: 'failed', message: expect.stringContaining("['seeded'] == []") });
    expect(checks[1]?.message).toMatch(/^visible-checks\/test_notes\.py:\d+: /);
  });

  test("runs the pack's checks, whatever was handed in as such, and the candidate's own pytest.ini", async () => {
    const { checks, reason } = await practise({
      'visible-checks/test_notes.py': 'def test_of_my_own(): pass\n',
      'visible-checks/test_more.py': 'def test_more(): pass\n',
      'visible-checks/conftest.py': 'raise SystemExit(0)\n',
      'pytest.ini': '[pytest]\naddopts = --nomigrations --reuse-db -k kept\n',
    });
    expect(reason).toBeNull();
    expect(checks.map(({ id, outcome }) => [id, outcome])).toEqual([['test_notes.py::test_notes_are_kept', 'passed']]);
  });

  test('bounds and cleans what a project says, and believes none of it', async () => {
    const forged = JSON.stringify({ check: 'x\u202e\u001b[2J\u0000'.repeat(200), outcome: 'passed', ms: 5, message: '' });
    const flood = `
import json, os
os.write(3, b'{"check": "test_notes.py::test_all", "outcome": "passed", "ms": 1e300, "message": ""}\\n')
os.write(3, b'no line of ours\\n' + ${JSON.stringify(forged)}.encode() + b'\\n{"over": 0}\\n')
for n in range(1000):
    os.write(3, json.dumps({"check": f"f{n}\\u202e\\u001b[31m", "outcome": "passed", "ms": 1, "message": "\\u0007m" * 100}).encode() + b"\\n")
    print("\\u001b[31m\\u0000" + "x" * 100)
`;
    const report = await practise({ 'conftest.py': flood });
    expect(report.checks).toHaveLength(300);
    expect(report.unlistedChecks).toBeGreaterThan(0);
    expect(JSON.stringify(report)).not.toMatch(/\\u00|[\u202a-\u202e]/);
    expect(report.output.length).toBeLessThanOrEqual(8_000);
  });

  test('tells a project that does not load why, with the end of its own output', async () => {
    const folder = project();
    appendFileSync(path.join(folder, 'site_notes', 'settings.py'), '\ndef broken(:\n');
    const report = await grader.practice({ pack, folder });
    expect(report).toMatchObject({ outcome: 'unstartable', reason: { code: 'checks-not-run' }, checks: [] });
    expect(report.output).toContain('SyntaxError');
    expect(report.output).not.toContain(scratch);
  });

  test('refuses what is no project, and ends what never ends', async () => {
    const empty = mkdtempSync(path.join(scratch, 'empty-'));
    writeFileSync(path.join(empty, 'README'), 'nothing');
    expect(await grader.practice({ pack, folder: empty })).toMatchObject({
      outcome: 'unstartable',
      reason: { code: 'no-manage-py' },
    });
    const limits = { ...pack.definition.limits, startSeconds: 2, runSeconds: 1 };
    const hurried = { ...pack, definition: { ...pack.definition, limits } };
    const endless = project({ 'notes/views.py': 'def notes(request):\n    while True: pass\n' });
    const report = await grader.practice({ pack: hurried, folder: endless });
    expect(report).toMatchObject({ outcome: 'timed_out', reason: { code: 'practice-timed-out' } });
    expect(report.checks.map(({ outcome }) => outcome)).toEqual(['passed']);
  });

  test('has nothing of the pack near it but the visible checks', async () => {
    const nosy = `
import os
found = []
for root in ("/app", "/run", "/tmp", "/opt"):
    for folder, _, files in os.walk(root):
        for name in files:
            try:
                text = open(os.path.join(folder, name), errors="replace").read()
            except OSError:
                continue
            if "seed" + ".sql" in text or "INSERT INTO notes" + "_note" in text or "hidden" + "-checks" in text: found.append(os.path.join(folder, name))
print("FOUND", found)
from django.db import connection
def test_rows(db): pass
`;
    const conftest = `${nosy}
import pytest
@pytest.fixture(autouse=True)
def look(db):
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notes_note")
        print("ROWS", cursor.fetchone())
        cursor.execute("SELECT datname FROM pg_database WHERE has_database_privilege(datname, 'CONNECT')")
        print("DATABASES", len(cursor.fetchall()))
`;
    const { output } = await practise({ 'conftest.py': conftest, 'pytest.ini': '[pytest]\naddopts = -s\n' });
    expect(output).toContain('FOUND []');
    expect(output).toContain('ROWS (0,)');
    expect(output).not.toMatch(/ROWS \([1-9]/);
  });

  test('ends with its signal as cancelled', async () => {
    const stop = new AbortController();
    const folder = project({ 'conftest.py': 'import time\ntime.sleep(60)\n' });
    const run = grader.practice({
      pack,
      folder,
      signal: stop.signal,
      onPhase: () => setTimeout(() => stop.abort(), 500),
    });
    expect(await run).toMatchObject({ outcome: 'cancelled', checks: [] });
  });
});
