import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ArchiveError } from '@assay/archive/archive-error';
import { SUBMISSION_LIMITS } from '@assay/archive/archive-limits';
import { unpackArchive } from '@assay/archive/submission-archive';
import type { Attack, Observation } from '../attack';
import type { Stage } from '../stage';

const run = promisify(execFile);
const UNPACK = path.join(__dirname, '..', '..', 'assets', 'naive-unpack', 'unpack.py');
export const MIB = 2 ** 20;

/** Where an archive is unpacked: `outside` and its file `treasure` are none of its business. */
export interface Place {
  readonly target: string;
  readonly outside: string;
}

export interface ArchiveAttack {
  readonly id: string;
  readonly title: string;
  readonly breach: string;
  readonly archive: (place: Place) => Promise<Buffer> | Buffer;
  /** What is wrong with what was unpacked; null when nothing is. */
  readonly wrong: (place: Place) => Promise<string | null>;
  /** Proof in another way than by a careless program that unpacks it. */
  readonly careless?: (archive: Buffer) => Promise<Observation>;
}

export const archiveAttack = ({ id, title, breach, archive, wrong, careless }: ArchiveAttack): Attack => ({
  id,
  title,
  breach,
  layers: ['archive-rules'],
  residual: null,
  runs: 'once',
  async attempt(stage, without) {
    const place = await makePlace(stage);
    const bytes = await archive(place);
    if (without.length > 0) return careless ? careless(bytes) : unpackCarelessly(stage, place, bytes, wrong);
    const refusal = await unpackArchive(bytes, place.target, SUBMISSION_LIMITS).then(
      () => null,
      (error: unknown) => {
        if (error instanceof ArchiveError) return error;
        throw error;
      },
    );
    const isLeft = await exists(place.target);
    if (refusal) return { breached: isLeft, seen: `refused: ${refusal.code}${isLeft ? ', but something of it was left' : ''}` };
    const found = await wrong(place);
    return { breached: found !== null, seen: found ?? 'unpacked without what was wrong with it' };
  },
});

async function makePlace(stage: Stage): Promise<Place> {
  const folder = await stage.folder();
  const place = { target: path.join(folder, 'inside', 'target'), outside: path.join(folder, 'outside') };
  await mkdir(path.dirname(place.target));
  await mkdir(place.outside);
  await writeFile(path.join(place.outside, 'treasure'), 'gold');
  return place;
}

async function unpackCarelessly(stage: Stage, place: Place, bytes: Buffer, wrong: ArchiveAttack['wrong']): Promise<Observation> {
  const file = path.join(await stage.folder(), 'archive');
  await writeFile(file, bytes);
  await mkdir(place.target);
  const { error } = await run(stage.runtime.python, ['-I', UNPACK, file, place.target], { signal: stage.signal }).then(
    () => ({ error: '' }),
    (failure: unknown) => ({ error: String(failure) }),
  );
  const found = await wrong(place);
  return {
    breached: found !== null,
    seen: found === null ? `a careless program did no harm ${error}` : `a careless program left ${found}`,
  };
}

async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => null)) !== null;
}

export const writtenOutside = async ({ outside }: Place): Promise<string | null> => {
  const found = (await readdir(outside)).filter((name) => name !== 'treasure');
  const treasure = await readFile(path.join(outside, 'treasure'), 'utf8');
  if (treasure !== 'gold') return 'another content in a file outside';
  return found.length > 0 ? `${found.join(', ')} outside its folder` : null;
};

/** First entry below the target of which this is true. */
export const entry =
  (what: string, isWrong: (file: string) => Promise<boolean>) =>
  async ({ target }: Place): Promise<string | null> => {
    for (const name of await readdir(target, { recursive: true }).catch(() => [])) {
      if (await isWrong(path.join(target, name))) return `${what}: ${JSON.stringify(name)}`;
    }
    return null;
  };

export const notPlain = entry('what is neither file nor folder', async (file) => {
  const info = await lstat(file);
  return !info.isFile() && !info.isDirectory();
});
export const opensTreasure = entry('a way to a file outside', async (file) => {
  const info = await lstat(file);
  return (
    info.isSymbolicLink() || (info.isFile() && (info.nlink > 1 || (info.size === 4 && (await readFile(file, 'utf8')) === 'gold')))
  );
});

/** Counts what comes out, up to a limit. */
export function inflates(make: () => NodeJS.ReadWriteStream, limit: number) {
  return async (archive: Buffer): Promise<Observation> => {
    const stream = make();
    stream.end(archive);
    let bytes = 0;
    try {
      for await (const chunk of stream) {
        bytes += (chunk as Buffer).length;
        if (bytes > limit) break;
      }
    } catch {
      // What comes after the data is of no interest.
    }
    return {
      breached: bytes > limit,
      seen: `${Math.round(archive.length / 1024)} KiB become more than ${Math.floor(bytes / MIB)} MiB`,
    };
  };
}

/** A device can only be made by root; without rights the careless program is stopped by that alone. */
export async function isPowerless({ target }: Place): Promise<boolean> {
  return process.getuid?.() !== 0 && !(await exists(path.join(target, 'zero'))) && (await exists(target));
}
