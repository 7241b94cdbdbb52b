import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { BUILD_TIMEOUT, sharedRuntime } from './testing/tiny-project';

/**
 * The server of the sandbox outside of it, with Python's own validator between server and application: it raises when either of them
 * breaks a rule of PEP 3333. `/django/` is answered by Django.
 */
const PROGRAM = `
import gc, json, os, socket, sys, threading, time
from wsgiref.validate import validator
sys.path.insert(0, sys.argv[1])
import http_server

log, calls = [], []
seen = threading.Event()
together = threading.Barrier(4, timeout=10)

class Closing:
    def __init__(self, chunks):
        self.chunks = iter(chunks)
    def __iter__(self):
        return self
    def __next__(self):
        return next(self.chunks)
    def close(self):
        log.append("closed")

def broken_stream():
    yield b"first"
    raise RuntimeError("in the middle")

def slow_stream():
    yield b"first"
    seen.wait(10)
    yield b"second"

def application(environ, start_response):
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    plain = [("Content-Type", "text/plain")]
    def ok(*headers):
        return start_response("200 OK", plain + list(headers))
    if path == "/environ":
        shown = {key: value for key, value in environ.items() if isinstance(value, (str, bool, tuple))}
        body = json.dumps({**shown, "body": environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()}).encode()
        ok(("Content-Length", str(len(body))))
        return [body]
    if path == "/log":
        ok()
        return [json.dumps(log).encode()]
    if path == "/closing":
        ok()
        return Closing([b"a", b"", b"b"])
    if path == "/slow":
        ok()
        return Closing(slow_stream())
    if path == "/seen":
        ok(("Content-Length", "4"))
        seen.set()
        return [b"seen"]
    if path == "/write":
        write = ok()
        write(b"written ")
        return [b"and returned"]
    if path == "/empty":
        ok()
        return []
    if path == "/nothing":
        start_response("204 No Content", [])
        return []
    if path == "/before":
        raise ValueError("before the answer")
    if path == "/exit":
        sys.exit(3)
    if path == "/middle":
        ok()
        return Closing(broken_stream())
    if path == "/second-thought":
        ok()
        try:
            raise KeyError("thought again")
        except KeyError:
            start_response("418 Teapot", plain, sys.exc_info())
        return [b"teapot"]
    if path == "/long":
        ok(("Content-Length", "3"))
        return [b"abcdef"]
    if path == "/short":
        ok(("Content-Length", "9"))
        return [b"abc"]
    if path == "/big":
        ok()
        return [b"x" * int(query)]
    if path == "/thread":
        ok()
        return [threading.current_thread().name.encode()]
    if path == "/together":
        ok()
        return [str(together.wait()).encode()]
    raise LookupError(path)

def unvalidated(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/twice":
        start_response("200 OK", [])
        start_response("200 OK", [])
    elif path == "/not-begun":
        pass
    elif path == "/one":
        start_response("200 OK", [])
    elif path == "/calls":
        start_response("200 OK", [])
        return [str(len(calls)).encode()]
    elif path == "/text":
        start_response("200 OK", [])
        return ["text"]
    elif path == "/split":
        start_response("200 OK", [("X-Note", "a\\r\\nSet-Cookie: b")])
    elif path == "/hop":
        start_response("200 OK", [("Transfer-Encoding", "chunked")])
    elif path == "/not-bytes-length":
        start_response("200 OK", [("Content-Length", "many")])
    return [b"body"]

def django_application():
    import django
    from django.conf import settings
    from django.core.signals import request_finished, request_started
    settings.configure(
        ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "CONN_MAX_AGE": 60}},
    )
    django.setup()
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
    from django.urls import path
    request_started.connect(lambda **_: log.append("started"), weak=False)
    request_finished.connect(lambda **_: log.append("finished"), weak=False)
    def counter(request):
        """A table of this connection only: a second connection would not have it."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS counter (n INTEGER)")
            cursor.execute("INSERT INTO counter VALUES (1)")
            cursor.execute("SELECT COUNT(*) FROM counter")
            (count,) = cursor.fetchone()
        return JsonResponse({"count": count, "events": log})
    globals()["urlpatterns"] = [
        path("django/counter/", counter),
        path("django/echo/", lambda request: HttpResponse(request.body)),
        path("django/stream/", lambda request: StreamingHttpResponse(iter(["a", "b"]))),
        path("django/file/", lambda request: FileResponse(open(sys.argv[0], "rb"))),
        path("django/fails/", lambda request: 1 / 0),
    ]
    return get_wsgi_application()

validated, by_django = validator(application), django_application()

def dispatch(environ, start_response):
    calls.append(environ["PATH_INFO"])
    if environ["PATH_INFO"].startswith("/django/"):
        return by_django(environ, start_response)
    if environ["PATH_INFO"].startswith("/raw/"):
        return unvalidated({**environ, "PATH_INFO": environ["PATH_INFO"][4:]}, start_response)
    # The validator knows the usual methods only, and no OPTIONS *.
    if environ["PATH_INFO"] == "":
        return application({**environ, "PATH_INFO": "/environ"}, start_response)
    return validated(environ, start_response)

listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(sys.argv[2])
listener.listen(64)
socket.setdefaulttimeout(3)
print("serving", flush=True)
http_server.serve(listener, dispatch)
`;

let folder: string;
let socketPath: string;
let server: ChildProcess;
let errors = '';

beforeAll(async () => {
  const runtime = await sharedRuntime();
  folder = await mkdtemp(path.join(os.tmpdir(), 'assay-http-'));
  socketPath = path.join(folder, 'http.sock');
  await writeFile(path.join(folder, 'program.py'), PROGRAM);
  const assets = path.join(__dirname, '..', 'assets');
  server = spawn(runtime.python, ['-B', '-W', 'error::ResourceWarning', path.join(folder, 'program.py'), assets, socketPath], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  if (!server.stdout) throw new Error('no output');
  const [line]: string[] = await once(createInterface({ input: server.stdout }), 'line');
  expect(line).toBe('serving');
}, BUILD_TIMEOUT);
afterAll(async () => {
  server.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Rejects when the answer breaks off. */
function ask(target: string, options: http.RequestOptions = {}, body: string[] = []): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, path: target, agent: false, ...options }, (response) => {
      text(response).then((all) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: all }), reject);
    });
    request.on('error', reject);
    for (const part of body) request.write(part);
    request.end();
  });
}

/** Everything that the server sends for these bytes, until it closes the connection. */
async function raw(...parts: string[]): Promise<string> {
  const connection = net.connect(socketPath);
  const answer = text(connection);
  for (const part of parts) {
    connection.write(part, 'latin1');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return answer;
}

/** Waits until the server has written this to its log: nothing says when it does. */
async function expectLogged(part: string): Promise<void> {
  for (let tries = 0; tries < 500 && !errors.includes(part); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(errors).toContain(part);
}

const HOST = 'Host: localhost\r\n';

describe('requests', () => {
  test('reach the application as PEP 3333 says', async () => {
    const { status, body } = await ask('/environ?a=%20b&c', { headers: { cookie: 'a=1', 'x-two-words': 'value ' } });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      REQUEST_METHOD: 'GET',
      SCRIPT_NAME: '',
      PATH_INFO: '/environ',
      QUERY_STRING: 'a=%20b&c',
      SERVER_NAME: 'localhost',
      SERVER_PORT: '80',
      SERVER_PROTOCOL: 'HTTP/1.1',
      REMOTE_ADDR: '127.0.0.1',
      HTTP_COOKIE: 'a=1',
      HTTP_X_TWO_WORDS: 'value',
      'wsgi.url_scheme': 'http',
      'wsgi.run_once': false,
      body: '',
    });
    expect(JSON.parse(body)).not.toHaveProperty('CONTENT_LENGTH');
  });

  test('have their path decoded to bytes, whatever they are', async () => {
    const { body } = await ask('/environ%2F..%C3%A9%FF');
    expect(body).toBe('500 Internal Server Error\n');
    await expectLogged('LookupError: /environ/..Ã©ÿ');
  });

  test('join headers that came twice, and drop those that could pass for others', async () => {
    const answer = await raw(
      `GET /environ HTTP/1.1\r\n${HOST}Cookie: a=1\r\nX-A: 1\r\ncookie: b=2\r\nx-a: 2\r\nX_A: 3\r\nConnection: close\r\n\r\n`,
    );
    const environ: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
    expect(environ).toMatchObject({ HTTP_COOKIE: 'a=1; b=2', HTTP_X_A: '1,2' });
  });

  test('may name the whole address, or none', async () => {
    expect(await raw(`GET http://localhost/environ?x HTTP/1.0\r\n\r\n`)).toContain(
      '"PATH_INFO": "/environ", "QUERY_STRING": "x"',
    );
    expect(await raw(`OPTIONS * HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`)).toContain('"REQUEST_METHOD": "OPTIONS"');
    expect(await raw(`GET //evil.example/environ HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1.1 500 /);
  });

  test('have a body of a known length, in however many pieces it comes', async () => {
    const { body } = await ask('/environ', { method: 'POST', headers: { 'content-type': 'text/x', 'content-length': 6 } }, [
      'abc',
      'déf'.slice(0, 2),
    ]);
    expect(JSON.parse(body)).toMatchObject({ CONTENT_LENGTH: '6', CONTENT_TYPE: 'text/x', body: 'abcdé' });
    const pieces = await raw(
      `POST /environ HTT`,
      `P/1.1\r\n${HOST}Content-Le`,
      'ngth: 4\r\nConnection: close\r\n\r',
      '\nab',
      'cd',
    );
    expect(pieces).toContain('"body": "abcd"');
  });

  test('have a body in chunks', async () => {
    const { body } = await ask('/environ', { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, [
      'ab',
      'c'.repeat(70_000),
    ]);
    const environ: Record<string, unknown> = JSON.parse(body);
    expect(environ).toMatchObject({ CONTENT_LENGTH: '70002', body: `ab${'c'.repeat(70_000)}` });
    expect(environ).not.toHaveProperty('HTTP_TRANSFER_ENCODING');
    const trailers = await raw(
      `POST /environ HTTP/1.1\r\n${HOST}Transfer-Encoding: Chunked\r\nConnection: close\r\n\r\n3;x="y"\r\nabc\r`,
      '\n0\r\nX-Late: 1\r\n\r\n',
    );
    expect(trailers).toContain('"body": "abc"');
  });

  test('are told to go on when they ask before they send the body', async () => {
    const connection = net.connect(socketPath);
    connection.write(`POST /environ HTTP/1.1\r\n${HOST}Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`);
    const [first]: Buffer[] = await once(connection, 'data');
    expect(first?.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    const rest = text(connection);
    connection.write('ab');
    expect(await rest).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*"body": "ab"/);
  });

  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['another version', `GET / HTTP/2.0\r\n\r\n`, 505],
    ['no host', 'GET /environ HTTP/1.1\r\n\r\n', 400],
    ['a header without colon', `GET / HTTP/1.1\r\n${HOST}Nothing\r\n\r\n`, 400],
    ['a space before the colon', `GET / HTTP/1.1\r\n${HOST}X : 1\r\n\r\n`, 400],
    ['a folded header', `GET / HTTP/1.1\r\n${HOST}X: 1\r\n y\r\n\r\n`, 400],
    ['a lone line feed', `GET / HTTP/1.1\r\n${HOST}X: 1\nY: 2\r\n\r\n`, 400],
    ['a control character in the target', `GET /\x01 HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a length that is none', `POST / HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`, 400],
    ['two lengths', `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400],
    ['a length and chunks', `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
    ['another coding', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n`, 501],
    ['a chunk that lies about its length', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n`, 400],
    ['too long a body', `POST / HTTP/1.1\r\n${HOST}Content-Length: 99999999999\r\n\r\n`, 413],
    ['too many headers', `GET / HTTP/1.1\r\n${HOST}${'X: 1\r\n'.repeat(200)}\r\n`, 431],
    ['too long a head', `GET / HTTP/1.1\r\n${HOST}X: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
    ['a head without end', `GET / HTTP/1.1\r\n${HOST}X: ${'x'.repeat(200_000)}`, 431],
    ['another expectation', `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nExpect: wonders\r\n\r\n`, 417],
  ])('with %s never reach it', async (_what, request, status) => {
    const before = Number((await ask('/raw/calls')).body);
    const answer = await raw(request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('Connection: close');
    expect((await ask('/raw/calls')).body).toBe(String(before + 1));
  });
});

describe('answers', () => {
  test('have a length where it is known, and come in chunks where not', async () => {
    expect(await ask('/seen')).toMatchObject({ body: 'seen', headers: { date: expect.stringMatching(/ GMT$/) } });
    expect(await ask('/raw/one')).toMatchObject({ body: 'body', headers: { 'content-length': '4' } });
    expect(await ask('/closing')).toMatchObject({ body: 'ab', headers: { 'transfer-encoding': 'chunked' } });
    expect(await ask('/empty')).toMatchObject({ body: '', headers: { 'content-length': '0' } });
    expect(await ask('/write')).toMatchObject({ body: 'written and returned' });
    expect(await ask('/nothing')).toMatchObject({ status: 204, body: '' });
    expect(await ask(`/big?${3 * 1024 * 1024}`)).toMatchObject({ body: 'x'.repeat(3 * 1024 * 1024) });
  });

  test('have their iterable closed', async () => {
    const closed = async (): Promise<number> => {
      const events: string[] = JSON.parse((await ask('/log')).body);
      return events.filter((event) => event === 'closed').length;
    };
    const before = await closed();
    await ask('/closing');
    await expect(ask('/middle')).rejects.toThrow();
    expect(await closed()).toBe(before + 2);
  });

  test('of HTTP/1.0 end with the connection', async () => {
    expect(await raw('GET /closing HTTP/1.0\r\n\r\n')).toMatch(/\r\nConnection: close\r\n\r\nab$/);
  });

  test('to HEAD have no body and the headers of GET', async () => {
    expect(await raw(`HEAD /environ HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 200 OK\r\n[\s\S]*Content-Length: [1-9]\d+\r\n[\s\S]*\r\n\r\n$/,
    );
    expect(await raw(`HEAD /closing HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`)).not.toMatch(
      /Content-Length|Transfer-Encoding/,
    );
    expect(await raw(`HEAD /before HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 500 [\s\S]*\r\n\r\n$/);
  });

  test('are sent as they are made', async () => {
    const connection = net.connect(socketPath);
    connection.write(`GET /slow HTTP/1.1\r\n${HOST}\r\n`);
    let received = '';
    for await (const chunk of connection) {
      received += String(chunk);
      if (received.endsWith('5\r\nfirst\r\n')) await ask('/seen');
      if (received.endsWith('0\r\n\r\n')) break;
    }
    expect(received).toContain('6\r\nsecond\r\n');
  });

  test('that go wrong are a 500 with a traceback in the log, and the server goes on', async () => {
    for (const target of [
      '/before',
      '/exit',
      '/raw/twice',
      '/raw/not-begun',
      '/raw/text',
      '/raw/split',
      '/raw/hop',
      '/raw/not-bytes-length',
    ]) {
      expect(await ask(target)).toMatchObject({ status: 500, body: '500 Internal Server Error\n' });
    }
    for (const trace of [
      'ValueError: before the answer',
      'SystemExit: 3',
      'start_response was called a second time',
      'was not called',
      'must be bytes, not str',
      'has a line break',
      'Transfer-Encoding belongs to the connection',
    ])
      await expectLogged(trace);
    expect((await ask('/second-thought')).status).toBe(418);
  });

  test('that break off can be seen to do so', async () => {
    await expect(ask('/middle')).rejects.toThrow(/aborted|hang up/);
    await expect(ask('/short')).rejects.toThrow(/aborted|hang up/);
    await expectLogged('RuntimeError: in the middle');
  });

  test('that are longer than they said are cut', async () => {
    expect(await raw(`GET /long HTTP/1.1\r\n${HOST}\r\n`)).toMatch(/\r\n\r\nabc$/);
  });
});

describe('connections', () => {
  test('stay open for the next request, and requests may be sent ahead', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let round = 0; round < 3; round += 1) {
      const answer = await ask('/seen', { agent });
      expect(answer.headers.connection).not.toBe('close');
    }
    agent.destroy();
    const one = `GET /seen HTTP/1.1\r\n${HOST}\r\n`;
    const last = `GET /seen HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
    expect((await raw(`${one}${one}${last}`)).match(/\r\n\r\nseen/g)).toHaveLength(3);
    expect((await raw(`POST /environ HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\nab${last}`)).match(/200 OK/g)).toHaveLength(2);
    expect(await raw('GET /seen HTTP/1.0\r\nConnection: keep-alive\r\n\r\n' + 'GET /seen HTTP/1.0\r\n\r\n')).toMatch(
      /keep-alive[\s\S]*seen[\s\S]*close[\s\S]*seen$/,
    );
  });

  test('that say nothing keep nobody waiting, nor do those that are given up', async () => {
    const silent = [...Array(50)].map(() => net.connect(socketPath));
    await Promise.all(silent.map((connection) => once(connection, 'connect')));
    expect((await ask('/thread')).body).toBe('MainThread');
    const halfway = net.connect(socketPath);
    halfway.write('GET /slow');
    await once(halfway, 'connect');
    expect((await ask('/seen')).body).toBe('seen');
    for (const connection of [...silent, halfway]) connection.destroy();
    const gone = net.connect(socketPath);
    gone.write(`GET /big?${8 * 1024 * 1024} HTTP/1.1\r\n${HOST}\r\n`);
    await once(gone, 'data');
    gone.destroy();
    expect((await ask('/seen')).body).toBe('seen');
  });

  test('are served at the same time when they come at the same time, and else by one thread', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask('/together')));
    expect(answers.map(({ body }) => body).sort()).toEqual(['0', '1', '2', '3']);
    for (const agent of [false as const, new http.Agent({ keepAlive: true })])
      for (let round = 0; round < 50; round += 1) expect((await ask('/thread', { agent })).body).toBe('MainThread');
  });
});

describe('Django', () => {
  test('gets its signals, and keeps one connection to the database', async () => {
    const first: { count: number; events: string[] } = JSON.parse((await ask('/django/counter/')).body);
    const second: typeof first = JSON.parse((await ask('/django/counter/')).body);
    expect(second.count).toBe(first.count + 1);
    expect(second.events.slice(first.events.length)).toEqual(['finished', 'started']);
  });

  test('reads bodies, streams, sends files and reports its own errors', async () => {
    expect((await ask('/django/echo/', { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, ['ab', 'c'])).body).toBe(
      'abc',
    );
    expect((await ask('/django/stream/')).body).toBe('ab');
    expect((await ask('/django/file/')).body).toBe(await readFile(path.join(folder, 'program.py'), 'utf8'));
    expect((await ask('/django/fails/')).status).toBe(500);
  });
});
