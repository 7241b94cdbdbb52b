import net from 'node:net';
import path from 'node:path';

const REQUEST_LINE = / HTTP\/1\.1\r\n/g;

/**
 * A running sandbox whose requests pass through here and are counted.
 * @returns `{ sandbox, requests, close }`, the same sandbox with another socket, and what to call for the number of requests so far
 */
export async function countRequests(sandbox) {
  const socket = path.join(path.dirname(sandbox.httpSocket), 'counted.sock');
  let count = 0;
  const server = net.createServer((client) => {
    const project = net.connect(sandbox.httpSocket);
    client.on('data', (chunk) => {
      count += chunk.toString('latin1').match(REQUEST_LINE)?.length ?? 0;
    });
    for (const [from, to] of [
      [client, project],
      [project, client],
    ]) {
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(socket, resolve);
  });
  const counted = Object.create(sandbox, { httpSocket: { value: socket } });
  return { sandbox: counted, requests: () => count, close: () => server.close() };
}
