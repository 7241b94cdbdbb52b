import { mkdir } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { DRIVERS } from './testing/drivers';
import { BUILD_TIMEOUT, TinyProjects } from './testing/tiny-project';

jest.setTimeout(60_000);

/** Asks port 9000 of loopback as a project would. */
const ASK = `
import urllib.request
from concurrent.futures import ThreadPoolExecutor

def send(size):
    request = urllib.request.Request("http://127.0.0.1:9000/x", b"a" * size)
    try:
        return urllib.request.urlopen(request, timeout=10).read().decode()
    except OSError as error:
        return str(error)
`;

describe.each(DRIVERS)('$name: what a project sends to monitoring', ({ make }) => {
  const projects = new TinyProjects(make);
  let server: http.Server;

  beforeAll(async () => {
    await projects.cleanUp();
  }, BUILD_TIMEOUT);
  beforeEach(() => {
    server = http.createServer((request, response) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      request.on('end', () => response.end(`${bytes} bytes`));
    });
  });
  afterEach(async () => {
    await projects.cleanUp();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  afterAll(() => projects.close());

  it('arrives at the socket of the judge, also much of it and at the same time', async () => {
    const spec = await projects.spec();
    const monitoringSocketDir = path.join(spec.workDir, 'monitoring');
    await mkdir(monitoringSocketDir);
    const socket = { path: path.join(monitoringSocketDir, 'sentry.sock'), readableAll: true, writableAll: true };
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const sandbox = await projects.start({ ...spec, monitoringSocketDir });
    expect((await sandbox.started).outcome).toBe('serving');
    expect(await sandbox.run(`${ASK}\nanswer = [send(10), send(700_000)]`)).toEqual(['10 bytes', '700000 bytes']);
    expect(
      await sandbox.run(`${ASK}\nwith ThreadPoolExecutor(8) as pool:\n    answer = sorted(pool.map(send, range(1, 31)))`),
    ).toHaveLength(30);
    // The port is taken before any code of the project runs, and the rest of loopback is the project's own.
    expect(await sandbox.run('import socket\nsocket.create_server(("127.0.0.1", 9000))')).toEqual({
      raised: expect.stringContaining('Address already in use'),
    });
    expect(await sandbox.run('import os; answer = os.listdir("/run/monitoring")')).toEqual(['sentry.sock']);
  });

  it('goes nowhere in a project without', async () => {
    const sandbox = await projects.start(await projects.spec());
    expect((await sandbox.started).outcome).toBe('serving');
    expect(await sandbox.run(`${ASK}\nanswer = send(10)`)).toContain('Connection refused');
    expect(await sandbox.run('import threading; answer = threading.active_count()')).toBe(2);
  });
});
