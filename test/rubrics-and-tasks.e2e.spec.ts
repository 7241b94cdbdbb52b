import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createApp } from '@assay/api/app';
import { RubricsService } from '@assay/api/rubrics/rubrics.service';
import { listTaskPackFolders } from '@assay/api/tasks/task-pack-folders';
import { TaskPackSync } from '@assay/api/tasks/task-pack-sync';
import { syncTaskPacks } from '@assay/api/tasks/task-pack-sync.command';
import { TasksService } from '@assay/api/tasks/tasks.service';
import { RUBRIC_V1 } from '@assay/scoring/rubric-v1';
import { loadTaskPack } from '@assay/task-pack/load-task-pack';
import { waitFor } from '@assay/testing/wait-for';
import { Client } from 'pg';
import { HIDDEN, writeSamplePack } from './support/sample-task-pack';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

let api: TestApi;
let packs: string;
let staff: TestClient;

beforeAll(async () => {
  packs = await mkdtemp(path.join(os.tmpdir(), 'assay-test-packs-'));
  await writeSamplePack(packs, { slug: 'library' });
  await writeSamplePack(packs, { slug: 'clinic', title: 'A clinic' });
  await writeSamplePack(packs, { slug: 'poor', poor: true });
  api = await startTestApi({ taskPacks: packs });
  staff = await api.signIn('recruiter');
});

afterAll(async () => {
  await api.close();
  await rm(packs, { recursive: true });
});

async function taskRows(where = 'true'): Promise<{ slug: string; version: string; current: boolean }[]> {
  const client = new Client({ connectionString: api.database.adminUrl });
  await client.connect();
  try {
    return (await client.query(`SELECT slug, version, current FROM task_versions WHERE ${where} ORDER BY id`)).rows;
  } finally {
    await client.end();
  }
}

describe('rubrics', () => {
  it('are listed, newest first', async () => {
    const { body } = await staff.get('/rubrics').expect(200);
    expect(body).toEqual({
      items: [{ id: expect.any(String), version: '1', title: 'Django developer', createdAt: expect.any(String) }],
      nextCursor: null,
    });
  });

  it('show five areas, 25 criteria, their levels and weights', async () => {
    const { body: list } = await staff.get('/rubrics').expect(200);
    const { body } = await staff.get(`/rubrics/${list.items[0].id}`).expect(200);
    expect(body).toEqual({ ...list.items[0], areas: RUBRIC_V1.areas });
    expect(body.areas.flatMap((area: { criteria: unknown[] }) => area.criteria)).toHaveLength(25);
  });

  it('are handed to scoring exactly as they were published', async () => {
    const rubrics = api.app.get(RubricsService, { strict: false });
    const current = await rubrics.selectCurrent();
    expect(await rubrics.selectRubric(current.id)).toEqual(RUBRIC_V1);
    expect(await rubrics.selectOptionalRubric('0199c000-0000-7000-8000-000000000000')).toBeNull();
  });

  it('answer 404 for an unknown id and 400 for what is no id', async () => {
    const unknown = await staff.get('/rubrics/0199c000-0000-7000-8000-000000000000').expect(404);
    expect(unknown.body.code).toBe('not-found');
    await staff.get('/rubrics/1').expect(400);
  });

  it.each(['/rubrics', '/tasks', '/tasks/library'])('%s answers every role of the staff and nobody else', async (url) => {
    for (const role of ['owner', 'recruiter', 'lead'] as const) await (await api.signIn(role)).get(url).expect(200);
    await api.client().get(url).expect(401);
  });
});

describe('tasks', () => {
  it('are listed page by page, without those that fail their lint', async () => {
    const first = (await staff.get('/tasks?limit=1').expect(200)).body;
    const second = (await staff.get(`/tasks?limit=1&cursor=${first.nextCursor}`).expect(200)).body;
    expect(second.nextCursor).toBeNull();
    expect([...first.items, ...second.items]).toEqual([
      expect.objectContaining({ slug: 'library', title: 'The library' }),
      expect.objectContaining({ slug: 'clinic', title: 'A clinic' }),
    ]);
    await staff.get('/tasks/poor').expect(404);
  });

  it('show their statement and what they measure', async () => {
    const { body } = await staff.get('/tasks/library').expect(200);
    expect(body).toEqual({
      slug: 'library',
      version: '1.0.0',
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      title: 'The library',
      summary: 'A small sample.',
      prompt: '# library\n\nMake the list fast.\n',
      timeBoxMinutes: 90,
      measuredCriteria: ['A2'],
    });
  });

  it('never show anything hidden, nor does the starter hold it', async () => {
    const tasks = api.app.get(TasksService, { strict: false });
    const starter = await tasks.selectStarter((await tasks.selectCurrentVersion('library')).id);
    const archive = gunzipSync(starter).toString('latin1');
    expect(archive).toContain('library/TASK.md');
    expect(archive).toContain('library/visible-checks/test_list.py');
    const answers = [archive, (await staff.get('/tasks')).text, (await staff.get('/tasks/library')).text];
    for (const hidden of [...Object.values(HIDDEN), 'hidden-checks', 'reference']) {
      for (const answer of answers) expect(answer).not.toContain(hidden);
    }
  });

  it('answer 404 for a slug that is not there', async () => {
    const { body } = await staff.get('/tasks/..%2F..%2Fetc').expect(404);
    expect(body.code).toBe('not-found');
    const tasks = api.app.get(TasksService, { strict: false });
    expect(await tasks.selectOptionalCurrentVersion('nothing')).toBeNull();
    await expect(tasks.selectStarter('0199c000-0000-7000-8000-000000000000')).rejects.toThrow('There is no such task version.');
  });
});

describe('syncing task packs', () => {
  const sync = () => api.app.get(TaskPackSync, { strict: false }).syncAll();

  it('does nothing when nothing changed, and says what it refused', async () => {
    expect(await sync()).toEqual([
      { outcome: 'unchanged', slug: 'clinic', version: '1.0.0' },
      { outcome: 'unchanged', slug: 'library', version: '1.0.0' },
      { outcome: 'refused', folder: path.join(packs, 'django', 'poor'), errors: [expect.stringContaining('missing.sql')] },
    ]);
  });

  it('makes a changed pack a new current version, keeps the old one, and can go back', async () => {
    const tasks = api.app.get(TasksService, { strict: false });
    await writeSamplePack(packs, { slug: 'moving' });
    await sync();
    const old = await tasks.selectCurrentVersion('moving');
    await writeSamplePack(packs, { slug: 'moving', version: '1.1.0', prompt: 'New words' });
    expect(await sync()).toContainEqual({ outcome: 'added', slug: 'moving', version: '1.1.0' });
    expect((await staff.get('/tasks/moving').expect(200)).body).toMatchObject({ version: '1.1.0', prompt: 'New words' });
    expect(await tasks.selectVersion(old.id)).toMatchObject({ version: '1.0.0', contentHash: old.contentHash });
    const { items } = (await staff.get('/tasks').expect(200)).body;
    expect(items.filter((item: { slug: string }) => item.slug === 'moving')).toEqual([
      expect.objectContaining({ version: '1.1.0' }),
    ]);

    await writeSamplePack(packs, { slug: 'moving' });
    expect(await sync()).toContainEqual({ outcome: 'made current', slug: 'moving', version: '1.0.0' });
    expect(await tasks.selectCurrentVersion('moving')).toEqual({ ...old, current: true });
    expect(await taskRows("slug = 'moving'")).toEqual([
      { slug: 'moving', version: '1.0.0', current: true },
      { slug: 'moving', version: '1.1.0', current: false },
    ]);
  });

  it('tells two states of one version apart by their content', async () => {
    await writeSamplePack(packs, { slug: 'edited' });
    await sync();
    const before = (await staff.get('/tasks/edited').expect(200)).body;
    await writeSamplePack(packs, { slug: 'edited', prompt: 'Edited in place' });
    await sync();
    const after = (await staff.get('/tasks/edited').expect(200)).body;
    expect(after.version).toBe(before.version);
    expect(after.contentHash).not.toBe(before.contentHash);
  });

  it('keeps the current version while its pack on disk is broken', async () => {
    const folder = await writeSamplePack(packs, { slug: 'breaking' });
    await sync();
    await writeFile(path.join(folder, 'task.yaml'), 'id: [');
    expect(await sync()).toContainEqual({ outcome: 'refused', folder, errors: [expect.stringContaining('task.yaml')] });
    await staff.get('/tasks/breaking').expect(200);
  });

  it('is done once by APIs that start at the same time', async () => {
    const apps = await Promise.all([1, 2, 3].map(() => createApp(api.config)));
    const blocker = new Client({ connectionString: api.database.adminUrl });
    await blocker.connect();
    try {
      await Promise.all(apps.map((app) => app.init()));
      await writeSamplePack(packs, { slug: 'twice' });
      // Another transaction has the task first, so all three are inside the sync together until it gives up.
      await blocker.query('BEGIN');
      await blocker.query(
        `INSERT INTO task_versions (slug, version, content_hash, title, summary, prompt, time_box_minutes, measured_criteria, starter)
         VALUES ('twice', '0.0.1', repeat('0', 64), 'T', 'S', 'P', 60, '{A1}', '')`,
      );
      const syncs = Promise.allSettled(apps.map((app) => app.get(TaskPackSync, { strict: false }).syncAll()));
      const waiting = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'";
      await waitFor(async () => (await blocker.query(waiting, [api.database.name])).rows[0].n === 3, { what: 'three syncs' });
      await blocker.query('ROLLBACK');
      const outcomes = (await syncs).map((result) =>
        result.status === 'rejected' ? result.reason : result.value.find((one) => 'slug' in one && one.slug === 'twice')?.outcome,
      );
      expect(outcomes.sort()).toEqual(['added', 'unchanged', 'unchanged']);
    } finally {
      await blocker.end();
      await Promise.all(apps.map((app) => app.close()));
    }
    expect(await taskRows("slug = 'twice'")).toEqual([{ slug: 'twice', version: '1.0.0', current: true }]);
  });

  it('runs as a command beside the API and fails when a pack was refused', async () => {
    const lines: string[] = [];
    await writeSamplePack(packs, { slug: 'late' });
    expect(await syncTaskPacks(api.config, (line) => lines.push(line))).toBe(1);
    expect(lines).toContain('late 1.0.0: added');
    expect(lines.join('\n')).toContain('poor: refused\n  data/missing.sql');
    await staff.get('/tasks/late').expect(200);
  });

  it('does not keep the API from starting when there are no packs', async () => {
    const app = await createApp({ ...api.config, taskPacks: path.join(packs, 'nowhere') });
    await app.init();
    await app.close();
  });
});

describe('the packs that come with the product', () => {
  let bundled: TestApi;
  beforeAll(async () => {
    bundled = await startTestApi();
  });
  afterAll(() => bundled.close());

  it('are all offered, and neither their answers nor their starters hold anything hidden', async () => {
    const client = await bundled.signIn('lead');
    const list = await client.get('/tasks').expect(200);
    const folders = await listTaskPackFolders(bundled.config.taskPacks);
    expect(folders.length).toBeGreaterThan(0);
    for (const folder of folders) {
      const { definition, contentHash, prompt } = await loadTaskPack(folder);
      const one = await client.get(`/tasks/${definition.id}`).expect(200);
      expect(one.body).toMatchObject({ slug: definition.id, version: definition.version, contentHash, prompt });
      const tasks = bundled.app.get(TasksService, { strict: false });
      const starter = await tasks.selectStarter((await tasks.selectCurrentVersion(definition.id)).id);
      const texts = [list.text, one.text, gunzipSync(starter).toString('utf8')];
      const hidden = definition.checks.flatMap(({ id, title, passed, failed }) => [id, title, passed, failed]);
      for (const text of texts) expect([...hidden, 'hidden-checks'].filter((secret) => text.includes(secret))).toEqual([]);
    }
  });
});
