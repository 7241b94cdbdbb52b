import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

const TIMEOUT_MS = 5 * 60_000;
const MAX_BYTES = 1024 ** 3;
const MAX_FILES = 200_000;
const PROGRESS_MS = 1_000;
/** Characters of what git prints. */
const KEPT = 4_096;

/** The repository cannot be had: no such address, refused, too large, too slow. The message is one line. */
export class RepositoryUnavailable extends Error {
  override readonly name = 'RepositoryUnavailable';
}

export interface RepositoryAddress {
  /** What git is given. */
  readonly url: string;
  /** Without credentials. */
  readonly shown: string;
}

/**
 * An address that may be cloned: `https://...`, or the path of a local repository. Null when it is neither (`ssh:`, `git:`, `ext::`
 * and what else git understands).
 */
export function repositoryAddress(text: string): RepositoryAddress | null {
  if (/^https:\/\//i.test(text)) {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || url.hostname === '') return null;
    url.hash = '';
    return { url: url.href, shown: withoutCredentials(url) };
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('-')) return null;
  return { url: path.resolve(text), shown: path.basename(path.resolve(text)) };
}

function withoutCredentials(url: URL): string {
  const plain = new URL(url.href);
  plain.username = '';
  plain.password = '';
  plain.search = '';
  return plain.href;
}

/**
 * Clones the newest commit into the missing folder `target`; resolves to the commit's id. Nothing of the repository is run: no hooks, no
 * submodules, no filters (LFS), no configuration of the user or the machine; links become plain files that hold their target.
 *
 * @throws RepositoryUnavailable
 */
export async function fetchRepository(address: RepositoryAddress, target: string, options: FetchOptions): Promise<string> {
  const clone = [
    'clone',
    '--quiet',
    '--depth=1',
    '--single-branch',
    '--no-tags',
    '--no-recurse-submodules',
    '--template=',
    '--no-checkout',
  ];
  await git([...SAFE, ...clone, '--no-local', '--', address.url, target], target, options);
  const commit = (await git([...SAFE, '-C', target, 'rev-parse', '--verify', 'HEAD'], target, options)).trim();
  // A few kilobytes can hold what fills any disk: one folder in many places, or a file of nothing but zeros.
  const size = new TreeSize();
  await git([...SAFE, '-C', target, 'ls-tree', '-r', '-l', '-z', commit], target, {
    ...options,
    onOutput: (text) => size.add(text),
  });
  await git([...SAFE, '-C', target, 'checkout', '--quiet', '--force', '--detach', commit], target, options);
  return commit;
}

export interface FetchOptions {
  /** Where git is looked for, as in PATH. */
  readonly searchPath: string;
  readonly signal: AbortSignal;
}

interface GitOptions extends FetchOptions {
  /** Told all that git prints; what it throws ends git. */
  readonly onOutput?: (text: string) => void;
}

/** Adds up what `git ls-tree -r -l -z` prints. Throws {@link RepositoryUnavailable} as soon as it is too much. */
class TreeSize {
  private rest = '';
  private files = 0;
  private bytes = 0;

  add(text: string): void {
    const entries = (this.rest + text).split('\0');
    this.rest = entries.pop() ?? '';
    for (const entry of entries) {
      this.files += 1;
      this.bytes += Number(/^\d+ blob \S+ +(\d+)\t/.exec(entry)?.[1] ?? 0);
    }
    if (this.files > MAX_FILES) throw new RepositoryUnavailable(`It has more than ${MAX_FILES} files`);
    if (this.bytes > MAX_BYTES) throw tooLarge();
  }
}

const SAFE = [
  ...['-c', 'core.hooksPath=/dev/null', '-c', 'core.symlinks=false', '-c', 'core.fsmonitor=false', '-c', 'protocol.allow=never'],
  ...['-c', 'protocol.https.allow=always', '-c', 'protocol.file.allow=always', '-c', 'submodule.recurse=false'],
  ...['-c', 'credential.helper=', '-c', 'core.askPass=', '-c', 'http.followRedirects=initial', '-c', 'gc.auto=0'],
];

function git(args: readonly string[], target: string, { searchPath, signal, onOutput }: GitOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const child = spawn('git', args, {
      cwd: path.dirname(target),
      env: {
        PATH: searchPath,
        HOME: '/nonexistent',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_TERMINAL_PROMPT: '0',
        GIT_ASKPASS: '/bin/false',
        GIT_LFS_SKIP_SMUDGE: '1',
        LC_ALL: 'C',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: git starts helpers that must end with it.
      detached: true,
    });
    let failure: unknown = null;
    let said = '';
    let out = '';
    const end = (reason: unknown): void => {
      failure ??= reason;
      killGroup(child.pid);
    };
    const abort = (): void => end(signal.reason);
    const clock = setTimeout(
      () => end(new RepositoryUnavailable(`It takes longer than ${TIMEOUT_MS / 60_000} minutes to fetch`)),
      TIMEOUT_MS,
    );
    const watch = setInterval(() => {
      void sizeOf(path.join(target, '.git')).then((bytes) => bytes > MAX_BYTES && end(tooLarge()));
    }, PROGRESS_MS);
    signal.addEventListener('abort', abort);
    child.stdout.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      out = (out + text).slice(-KEPT);
      if (failure !== null) return;
      try {
        onOutput?.(text);
      } catch (error) {
        end(error);
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-KEPT);
    });
    child.once('error', (error) => end(new Error(`git could not be started: ${error.message}`)));
    child.once('close', (code) => {
      clearTimeout(clock);
      clearInterval(watch);
      signal.removeEventListener('abort', abort);
      if (failure !== null) reject(failure);
      else if (code === 0) resolve(out);
      else reject(new RepositoryUnavailable(`git says: ${lastLine(said) || `exit code ${code}`}`));
    });
  });
}

/** Of what git says, some of which the server said: without control characters and credentials. */
function lastLine(said: string): string {
  const line = said.trim().split('\n').at(-1) ?? '';
  return line
    .replace(/\p{C}/gu, ' ')
    .replace(/\/\/[^/@\s]*@/g, '//')
    .slice(0, 300);
}

function tooLarge(): RepositoryUnavailable {
  return new RepositoryUnavailable(`It is larger than ${MAX_BYTES / 1024 ** 2} MiB`);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}

/** Of the packs that arrive, in bytes; a rough bound is enough. */
async function sizeOf(gitFolder: string): Promise<number> {
  const folder = path.join(gitFolder, 'objects', 'pack');
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
