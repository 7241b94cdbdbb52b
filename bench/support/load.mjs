/**
 * A client of its own process that keeps `concurrency` requests under way for `seconds`. Reads one JSON object on standard input
 * (`{ url, token, path, concurrency, seconds, items }`), prints one: `{ seconds, latenciesMs, clientCpuMs }`. Fails when an answer is
 * not a page of `items` items; null takes any.
 */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

const { url, token, path, concurrency, seconds, items } = JSON.parse(await text(process.stdin));
const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
const target = `${url}${path}`;

function ask() {
  return new Promise((resolve, reject) => {
    request(target, { agent, headers }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}

const latencies = [];
const begin = performance.now();
const end = begin + seconds * 1000;

async function visitor() {
  while (performance.now() < end) {
    const asked = performance.now();
    const { status, body } = await ask();
    latencies.push(performance.now() - asked);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${body}`);
    // Parsing every answer would take this process's time from the server.
    if (items !== null && latencies.length % 50 === 1 && JSON.parse(body).items.length !== items)
      throw new Error(`${path} did not give ${items} items`);
  }
}

await Promise.all(Array.from({ length: concurrency }, visitor));
const { user, system } = process.cpuUsage();
process.stdout.write(
  JSON.stringify({
    seconds: (performance.now() - begin) / 1000,
    latenciesMs: latencies.map((value) => Math.round(value * 100) / 100),
    clientCpuMs: (user + system) / 1000,
  }),
);
agent.destroy();
