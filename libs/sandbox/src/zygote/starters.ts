import { createHash, randomBytes } from 'node:crypto';
import { chmod, copyFile, lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { WarmStart } from '../sandbox';

/** A starter that a zygote may be warmed with: a copy below the work folder, where zygotes can see it. */
export interface KeptStarter {
  readonly start: WarmStart;
  /** Absolute path of the copy. */
  readonly folder: string;
}

/** Left behind by running a project in place. */
const DEBRIS = new Set(['__pycache__', '.git', 'node_modules']);

/** The starters of one driver, most recently used last. */
export class Starters {
  private readonly kept = new Map<string, Promise<KeptStarter>>();

  /**
   * @param workRoot folder in which the copies are made
   * @param most how many are kept
   */
  constructor(
    private readonly workRoot: string,
    private readonly most: number,
  ) {}

  get keys(): string[] {
    return [...this.kept.keys()];
  }

  /** Keeps a starter, and lets go of the one that was not used for the longest time. */
  async keep(start: WarmStart): Promise<KeptStarter> {
    const known = this.kept.get(start.key);
    const kept = known ?? this.copy(start);
    this.kept.delete(start.key);
    this.kept.set(start.key, kept);
    const [oldest] = this.kept.keys();
    if (this.kept.size > this.most && oldest !== undefined) await this.forget(oldest);
    return kept.catch((error: unknown) => {
      this.kept.delete(start.key);
      throw error;
    });
  }

  /** Those that are kept, the most recently used first. */
  async all(): Promise<KeptStarter[]> {
    const all = await Promise.all([...this.kept.values()].map((kept) => kept.catch(() => null)));
    return all.filter((kept) => kept !== null).reverse();
  }

  async close(): Promise<void> {
    for (const key of this.keys) await this.forget(key);
  }

  private async forget(key: string): Promise<void> {
    const kept = await this.kept.get(key)?.catch(() => null);
    this.kept.delete(key);
    if (kept) await rm(kept.folder, { recursive: true, force: true });
  }

  private async copy(start: WarmStart): Promise<KeptStarter> {
    const folder = path.join(this.workRoot, `.starter-${randomBytes(6).toString('hex')}`);
    await copyTree(start.starterDir, folder);
    return { start, folder };
  }
}

/** Plain files and folders only, readable for every user. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory() && !DEBRIS.has(entry.name)) await copyTree(source, target);
    else if (entry.isFile()) {
      await copyFile(source, target);
      await chmod(target, 0o644);
    }
  }
}

/** Identity of some files of a folder, by their bytes; null when one of them is not there as a plain file. */
export async function fingerprint(folder: string, files: readonly string[]): Promise<string | null> {
  const hash = createHash('sha256');
  for (const file of files) {
    const place = path.join(folder, file);
    const info = await lstat(place).catch(() => null);
    if (!info?.isFile()) return null;
    const bytes = await readFile(place).catch(() => null);
    if (bytes === null) return null;
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
