import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseNginx } from '../nginx';
import { renderNginx } from '../nginx-rendering';
import type { ProjectFiles } from '../project-files';
import { runTool } from './run-tool';

/** What `nginx -t` has against a configuration. */
export interface NginxRefusal {
  /** The configuration that was tested. */
  readonly config: string;
  /** Where the reason stands, in it or in a file that it includes. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const RUN_LIMITED = path.join(__dirname, '..', '..', 'assets', 'run_limited.py');
const PLACES = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx', '/usr/local/bin/nginx'];
const SECONDS = 5;
const MEBIBYTES = 256;

/** The machine's nginx, null where there is none. */
export function findNginx(): string | null {
  return PLACES.find((place) => existsSync(place)) ?? null;
}

/**
 * Asks `nginx -t` about a configuration written anew from what our own reader saw: only directives that are harmless to read, with files,
 * addresses and names of ours. So it finds wrong places, numbers and words of arguments, and duplicates; what is left out, and what
 * it would have defined, is not judged. Null when nginx has nothing against it, or broke off.
 *
 * @param python any Python 3 of the machine: it sets the limits on nginx
 */
export async function testNginx(
  tools: { readonly nginx: string; readonly python: string },
  files: ProjectFiles,
  config: string,
  signal: AbortSignal,
): Promise<NginxRefusal | null> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-nginx-'));
  try {
    const { text, places } = renderNginx(parseNginx(files, config).directives, folder);
    const file = path.join(folder, 'nginx.conf');
    await writeFile(file, text);
    const limits = ['-I', '-S', RUN_LIMITED, String(SECONDS), String(MEBIBYTES)];
    const run = await runTool(tools.python, [...limits, tools.nginx, '-t', '-q', '-p', folder, '-e', 'stderr', '-c', file], {
      input: '',
      maxOutputBytes: 64 * 1024,
      timeoutMs: 60_000,
      signal,
    });
    if (run.code === 0 || run.endedBy !== null) return null;
    const [, message = '', line] = /\[emerg\] (?:\d+#\d+: )?([\s\S]{1,500}?) in \S+nginx\.conf:(\d+)/.exec(run.stderr) ?? [];
    const place = places[Number(line)];
    return place ? { config, file: place.file, line: place.line, message: message.replaceAll(folder, '') } : null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
