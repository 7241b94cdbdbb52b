import { randomUUID } from 'node:crypto';
import type { Attack, AttackGroup, Layer, Observation } from '../attack';
import { type HostileProject, startHostile } from '../hostile-project';
import { literal, type SandboxAttack, sandboxAttack, sandboxLayers, textOf } from '../sandbox-attack';
import type { Stage } from '../stage';

/**
 * An attack by one submission on the one after it, on the same driver. The first is ended as after every grade. Without the layer
 * `single-use` the next one meets what a judge without it would give it: the sandbox of the first, still running.
 */
function relay({
  prepare,
  meet,
  ...attack
}: Omit<SandboxAttack, 'attempt' | 'layers'> & {
  /** What the first does. */
  readonly prepare: (first: HostileProject, secret: string) => Promise<unknown>;
  /** What the next finds. */
  readonly meet: (next: HostileProject, secret: string) => Promise<Observation>;
}): Attack {
  return sandboxAttack({
    ...attack,
    layers: ['single-use'],
    attempt: async (stage, without) => {
      const driver = stage.driver(sandboxLayers(without));
      const secret = `left-by-first-${randomUUID().replaceAll('-', '')}`;
      const first = await startHostile(stage, driver);
      await prepare(first, secret);
      if (!without.includes('single-use')) await first.sandbox.kill();
      const next = without.includes('single-use') ? first : await startHostile(stage, driver);
      return meet(next, secret);
    },
  });
}

/** As `relay`, but the driver itself does without the layer: the first lives on and `/tmp` is the same. */
async function firstAndNext(
  stage: Stage,
  without: readonly Layer[],
  python: string,
): Promise<Record<'first' | 'next', HostileProject>> {
  const driver = stage.driver(sandboxLayers(without));
  const first = await startHostile(stage, driver);
  await first.run(python);
  await first.sandbox.kill();
  return { first, next: await startHostile(stage, driver) };
}

const contains = async (next: HostileProject, python: string, secret: string): Promise<Observation> => {
  const answer = textOf(await next.run(python));
  return { breached: answer.includes(secret), seen: answer };
};

export const nextSubmission: AttackGroup = {
  title: 'The next submission in the same slot',
  attacks: [
    sandboxAttack({
      id: 'file-for-the-next',
      title: 'Leave a file, with a key or with code, for whoever comes next',
      breach: 'The next submission sees the file.',
      layers: ['single-use'],
      attempt: async (stage, without) => {
        const secret = randomUUID();
        const { next } = await firstAndNext(
          stage,
          without,
          `
for place in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/app"):
    outcome(lambda: os.write(os.open(place + "/note", os.O_CREAT | os.O_WRONLY, 0o666), ${literal(secret)}.encode()))
answer = "left"`,
        );
        const places = '("/tmp", "/var/tmp", "/dev/shm", "/run", "/app")';
        return contains(next, `answer = [outcome(lambda: open(place + "/note").read()) for place in ${places}]`, secret);
      },
    }),
    sandboxAttack({
      id: 'live-beside-the-next',
      title: 'Stay alive while the next submission is graded',
      breach: 'A process of the first submission lives when the next one serves.',
      layers: ['single-use'],
      attempt: async (stage, without) => {
        const { first } = await firstAndNext(
          stage,
          without,
          'if os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\nanswer = 0',
        );
        const living = (await first.processes()).length;
        return { breached: living > 0, seen: `${living} processes of the first submission live` };
      },
    }),
    relay({
      id: 'search-objects-of-the-last',
      title: 'Search the objects of the interpreter for what the submission before held',
      breach: 'A text of the submission before is found among the objects.',
      prepare: (first, secret) => first.run(`import builtins\nbuiltins.kept = [${literal(secret)}, object()]\nanswer = 0`),
      meet: (next, secret) =>
        contains(
          next,
          `
import gc
gc.unfreeze()
texts = (value for thing in gc.get_objects() if type(thing) is list for value in thing if type(value) is str)
found = [text for text in texts if text.startswith("left-by-first-")]
answer = f"{len(gc.get_objects())} objects, {found[:2]}"`,
          secret,
        ),
    }),
    relay({
      id: 'search-memory-of-the-last',
      title: 'Search the raw memory for what the submission before held, freed or not',
      breach: 'Bytes of the submission before are found in the memory.',
      prepare: (first, secret) =>
        first.run(`import builtins\nbuiltins.raw = [bytes(${literal(secret)}, "ascii") * 4 for _ in range(2000)]\nanswer = 0`),
      meet: (next, secret) =>
        contains(
          next,
          `
import re
pages, found = 0, None
libc.sbrk.restype = ctypes.c_void_p
for address in (libc.sbrk(0) - 16 * 2**20, id(object()), id([0] * 100), ctypes.addressof(ctypes.create_string_buffer(100))):
    for page in memory_around(address, 16 * 2**20):
        pages += 1
        found = found or re.search(rb"left-by-first-[0-9a-f]{32}", page)
answer = f"{pages} pages, {found and found.group().decode()}"`,
          secret,
        ),
    }),
    relay({
      id: 'poison-modules',
      title: 'Change modules, builtins and the classes of Django for those who come after',
      breach: 'The next submission runs changed code.',
      prepare: (first, secret) =>
        first.run(`
import builtins, json
from django.http import HttpResponse
json.dumps_original, json.dumps = json.dumps, lambda *values, **options: json.dumps_original(*values, **options)
builtins.mark = json.mark = HttpResponse.mark = sys.mark = ${literal(secret)}
answer = 0`),
      meet: (next, secret) =>
        contains(
          next,
          `
import builtins, json
from django.http import HttpResponse
answer = [getattr(thing, "mark", "clean") for thing in (builtins, json, HttpResponse, sys)]`,
          secret,
        ),
    }),
    relay({
      id: 'change-process-state',
      title: 'Change environment, working folder, file mode mask, signal handlers and search path for those who come after',
      breach: 'The next submission starts in the changed state.',
      prepare: (first, secret) =>
        first.run(`
os.environ["MARK"] = ${literal(secret)}
sys.path.insert(0, ${literal(secret)})
os.umask(0o777)
os.chdir("/tmp")
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
answer = 0`),
      meet: async (next, secret) => {
        const answer = textOf(
          await next.run(`
mask = os.umask(0)
os.umask(mask)
answer = [os.environ.get("MARK"), [place for place in sys.path if place.startswith("left-by")], oct(mask), os.getcwd(), str(signal.getsignal(signal.SIGUSR1))]`),
        );
        return { breached: answer.includes(secret) || answer.includes('0o777') || answer.includes('"/tmp"'), seen: answer };
      },
    }),
    relay({
      id: 'keep-descriptor',
      title: 'Keep a descriptor open that leads the next submission back to a file of this one',
      breach: 'The next submission reads it.',
      prepare: (first, secret) =>
        first.run(`
number = os.open("/tmp/kept", os.O_CREAT | os.O_RDWR)
os.unlink("/tmp/kept")
os.write(number, ${literal(secret)}.encode())
os.set_inheritable(number, True)
answer = number`),
      meet: (next, secret) =>
        contains(
          next,
          `
import stat
def read(number):
    return os.pread(number, 100, 0) if stat.S_ISREG(os.fstat(number).st_mode) else None
answer = [text for text in (outcome(lambda: read(number)) for number in range(128)) if text.startswith("done b")]`,
          secret,
        ),
    }),
    relay({
      id: 'answer-for-the-next',
      title: 'Keep the listening socket in a daemon, and answer in the place of the next submission',
      breach: 'A request to the next submission is answered by the first.',
      prepare: (first, secret) =>
        first.run(`
for _ in range(3):
    if os.fork() != 0:
        continue
    os.setsid()
    listener = socket.socket(fileno=os.dup(5))
    body = ${literal(JSON.stringify({ answer: 'SECRET' }))}.replace("SECRET", ${literal(secret)})
    while True:
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            time.sleep(0.001)
            continue
        connection.setblocking(True)
        connection.recv(65536)
        connection.sendall(f"HTTP/1.1 200 OK\\r\\nContent-Length: {len(body)}\\r\\nConnection: close\\r\\n\\r\\n{body}".encode())
        connection.close()
time.sleep(0.3)
answer = "waiting"`),
      meet: async (next, secret) => {
        // Both may take a connection: sooner or later the daemon is faster.
        for (let round = 1; round <= 100; round += 1) {
          const answer = textOf(await next.tryRun('answer = "of the next one"', 5));
          if (answer.includes(secret)) return { breached: true, seen: `answer ${round} was that of the first submission` };
        }
        return { breached: false, seen: 'all of 100 answers were of the next submission' };
      },
    }),
  ],
};
