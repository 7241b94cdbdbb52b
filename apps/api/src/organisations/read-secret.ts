import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Reads one line that must not be seen: asked for on a terminal without an echo, else taken from the standard input. */
export async function readSecret(question: string): Promise<string> {
  const terminal = process.stdin.isTTY === true;
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  if (terminal) process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, output: mute, terminal });
  try {
    for await (const line of lines) return line;
    throw new Error('No password was given.');
  } finally {
    lines.close();
    if (terminal) process.stderr.write('\n');
  }
}
