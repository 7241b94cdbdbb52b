import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that answers each JSON line on its standard input with one on its standard output, the first one when it is ready. */
export class MeasuredChild {
  #process;
  #lines;
  #ended;

  /** @returns `{ child, startMs }`, the time from its start until it was ready */
  static async start(resources, program, args, environment = {}) {
    const begin = performance.now();
    const child = resources.keep(new MeasuredChild(program, args, environment), (started) => started.stop());
    await child.#next();
    return { child, startMs: performance.now() - begin };
  }

  constructor(program, args, environment) {
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...environment } });
    this.#ended = once(this.#process, 'exit').catch(() => undefined);
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** One request at a time. */
  async ask(request) {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    return this.#next();
  }

  async stop() {
    this.#process.stdin.end();
    await this.#ended;
  }

  async #next() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('A measured program ended before it answered.');
    return JSON.parse(value);
  }
}
