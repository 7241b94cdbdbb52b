import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { GradingBench, statuses } from '../fixtures/grading-bench';
import { findRedis, probeRedis } from './redis-program';
import { SubmissionRedis } from './submission-redis';

jest.setTimeout(60_000);

describe("a submission's Redis, a real one", () => {
  let scratch: string;
  let workDir: string;
  let redis: SubmissionRedis;
  beforeAll(async () => {
    // Without the program these tests say so, instead of passing.
    expect(typeof (await findRedis())).toBe('object');
  });
  beforeEach(async () => {
    scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    workDir = await mkdtemp(path.join(scratch, 'run-'));
    redis = await SubmissionRedis.start(workDir);
  });
  afterEach(async () => {
    await redis.stop();
    await rm(scratch, { recursive: true, force: true });
  });

  /** Sends one command and returns the beginning of the answer. */
  const say = (...words: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = createConnection(path.join(redis.socketDir, 'redis.sock'));
      let heard = '';
      socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
      socket.on('error', reject).on('close', () => resolve(heard));
      socket.on('data', (chunk) => {
        heard += chunk.toString('latin1');
        if (heard.endsWith('\r\n')) socket.end();
      });
      socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    });

  it('stores, expires, locks and empties, as a cache needs it', async () => {
    expect(await say('SET', 'key', 'value', 'NX', 'PX', '60000')).toBe('+OK\r\n');
    expect(await say('GET', 'key')).toBe('$5\r\nvalue\r\n');
    expect(await say('EVAL', "return redis.call('get', KEYS[1])", '1', 'key')).toBe('$5\r\nvalue\r\n');
    expect(await say('KEYS', '*')).toContain('key');
    expect(await say('FLUSHDB')).toBe('+OK\r\n');
    expect(await say('DBSIZE')).toBe(':0\r\n');
  });

  it('has nothing of another submission', async () => {
    await say('SET', 'mine', 'secret');
    const other = await SubmissionRedis.start(await mkdtemp(path.join(scratch, 'run-')));
    const first = redis;
    redis = other;
    expect(await say('DBSIZE')).toBe(':0\r\n');
    redis = first;
    await other.stop();
    expect(await say('GET', 'mine')).toContain('secret');
  });

  it.each([
    ['CONFIG', 'SET', 'dir', '/tmp'],
    ['CONFIG', 'GET', '*'],
    ['DEBUG', 'SLEEP', '0'],
    ['MODULE', 'LOAD', '/tmp/x.so'],
    ['REPLICAOF', '127.0.0.1', '6379'],
    ['MIGRATE', '127.0.0.1', '6379', 'key', '0', '100'],
    ['SAVE'],
    ['BGSAVE'],
    ['BGREWRITEAOF'],
    ['SHUTDOWN', 'NOSAVE'],
    ['MONITOR'],
    ['ACL', 'SETUSER', 'default', '+@all'],
    ['CLIENT', 'KILL', 'ID', '1'],
    ['FUNCTION', 'LOAD', '#!lua name=x\nredis.register_function("f", function() return 1 end)'],
    ['SCRIPT', 'DEBUG', 'YES'],
    ['EVAL', "return redis.call('config', 'get', '*')", '0'],
    ['EVAL', 'return tostring(io) .. tostring(os.execute) .. tostring(package) .. tostring(loadfile)', '0'],
  ])('refuses %j %j', async (...words) => {
    const answer = await say(...words);
    expect(answer).toMatch(/^-(NOPERM|ERR)|nilnil|Script attempted to access/);
    expect(await say('PING')).toBe('+PONG\r\n');
  });

  it('refuses more than its memory, and goes on', async () => {
    const megabyte = 'x'.repeat(2 ** 20);
    const answers: string[] = [];
    for (let n = 0; n < 100; n += 1) answers.push(await say('SET', `key${n}`, megabyte));
    expect(answers[0]).toBe('+OK\r\n');
    expect(answers.at(-1)).toMatch(/^-OOM/);
    expect(await say('PING')).toBe('+PONG\r\n');
    expect(await redis.fault()).toBeNull();
  });

  it('ends when a script takes all memory: no fault of ours, and the machine does not suffer', async () => {
    await say('EVAL', "local t = {} for i = 1, 1e9 do t[i] = string.rep('x', 1000) .. i end", '0').catch(() => undefined);
    for (let tries = 0; tries < 100; tries += 1) {
      if (!(await say('PING').catch(() => ''))) break;
      await sleep(20);
    }
    await expect(say('PING')).rejects.toThrow();
    expect(await redis.fault()).toBeNull();
  });

  it('is locked in: another user, without network, and with no file but its own', async () => {
    const [pid] = await serversIn(scratch, redis);
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/CapEff:\s+0000000000000000/);
    if (process.getuid?.() === 0) expect(status).toMatch(/^Uid:\s+611(7[89]|8[0-3])\s/m);
    expect(
      (await readFile(`/proc/${pid}/net/dev`, 'utf8'))
        .trim()
        .split('\n')
        .slice(2)
        .map((line) => line.trim().split(':')[0]),
    ).toEqual(['lo']);
    expect((await readdir(`/proc/${pid}/root`)).sort()).not.toEqual(
      expect.arrayContaining(['etc', 'home', 'proc', 'tmp', 'root']),
    );
    expect(await readFile(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max address space +268435456/);
  });

  it('is a fault of ours when somebody else kills it, and leaves nothing when it is stopped', async () => {
    const [pid] = await serversIn(scratch, redis);
    process.kill(Number(pid), 'SIGKILL');
    for (let tries = 0; tries < 100 && (await redis.fault()) === null; tries += 1) await sleep(20);
    expect(await redis.fault()).toMatchObject({ code: 'redis-failed' });
    await redis.stop();
    expect(await serversIn(scratch, redis)).toEqual([]);
    expect((await readdir(os.tmpdir())).filter((name) => name.startsWith(`assay-redis-${process.pid}-`))).toEqual([]);
  });

  it('is a fault of ours when this machine has none', async () => {
    const none = () => findRedis(['/nonexistent']);
    await expect(SubmissionRedis.start(workDir, none)).rejects.toMatchObject({
      code: 'redis-unavailable',
      message: /not installed/,
    });
  });

  it('has a row for doctor', async () => {
    expect(await probeRedis()).toMatchObject({
      id: 'redis',
      ok: true,
      required: false,
      version: expect.stringMatching(/^\d+\./),
    });
  });
});

describe('a project whose pack gives it a Redis', () => {
  const settings = `import os
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
ALLOWED_HOSTS = ["localhost"]
INSTALLED_APPS = ["notes"]
MIDDLEWARE = []
ROOT_URLCONF = "site_notes.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["REDIS_URL"]}}
`;
  const cached = {
    'site_notes/settings.py': settings.replace(
      '"django.db.backends.postgresql"',
      '"django.db.backends.postgresql", **{key: os.environ["PG" + key.replace("NAME", "DATABASE")] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}',
    ),
    'site_notes/wsgi.py': `from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
from django.core.cache import cache
assert cache.get("left") is None, "another submission was here"
cache.set("left", "something")
`,
    'notes/views.py': `from django.core.cache import cache
from django.http import JsonResponse
from .models import Note
def notes(request):
    user = request.headers.get("X-User", "")
    read = lambda: list(Note.objects.filter(owner=user).order_by("id").values_list("text", flat=True))
    return JsonResponse(cache.get_or_set("notes of " + user, read, 60), safe=False)
`,
  };
  let bench: GradingBench;
  let pack: TaskPack;
  beforeAll(async () => {
    bench = await GradingBench.open();
    pack = {
      ...bench.pack,
      contentHash: 'f'.repeat(64),
      definition: { ...bench.pack.definition, services: { redis: true, monitoring: false } },
    };
  }, 600_000);
  afterAll(() => bench.close());

  it("keeps Django's cache in it, and never meets another submission's", async () => {
    for (let grade = 0; grade < 2; grade += 1) {
      const report = await bench.grade(cached, { pack });
      expect(report.reason).toBeNull();
      expect(statuses(report)).toMatchObject({ 'b1-notes-are-listed': 'passed', 'b1-notes-are-created': 'failed' });
    }
  });

  it('is not given to packs that do not ask for one', async () => {
    const report = await bench.grade(cached);
    expect(report).toMatchObject({
      outcome: 'ungradable',
      reason: { messageForCandidate: expect.stringContaining('REDIS_URL') },
    });
  });
});

/** Processes of redis-server whose mounts name the server's own folder. */
async function serversIn(_scratch: string, redis: SubmissionRedis): Promise<string[]> {
  const home = (redis as unknown as { home: string }).home;
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    const mounts = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '');
    if (command.startsWith('redis-server') && mounts.includes(path.basename(home))) found.push(pid);
  }
  return found;
}
