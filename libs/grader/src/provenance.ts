import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { LimitsInForce, ReportProvenance } from '@assay/contracts/report-provenance';
import type { PythonRuntime } from '@assay/sandbox/runtime';
import { LOCK_FILE } from '@assay/sandbox/runtime-paths';
import { DEFAULT_LIMITS, type SandboxDriver, type SandboxLimits } from '@assay/sandbox/sandbox';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { findRedis } from './redis-program';

/** The repository that this file stands in, from `src` as well as from `dist`; an image has none. */
const REPOSITORY = path.join(__dirname, '..', '..', '..');
/** What every sandbox sets (`environmentOf`), unless the pack says otherwise; its root has no zone files. */
const SANDBOX_LOCALE = 'C.UTF-8';
const SANDBOX_TIMEZONE = 'UTC';

/** What a grader knows of the machine that it grades on: the same for all its runs. */
export type Machine = Pick<
  ReportProvenance,
  | 'runtimeLockHash'
  | 'python'
  | 'django'
  | 'graderCommit'
  | 'sandboxDriver'
  | 'sandboxLayersMissing'
  | 'node'
  | 'architecture'
  | 'kernel'
>;

/** Looks around, once for each grader. Never rejects: what cannot be found out is null. */
export async function describeMachine(driver: SandboxDriver, runtime: PythonRuntime): Promise<Machine> {
  const [layers, django, graderCommit] = await Promise.all([
    driver.probe().catch(() => null),
    pinnedVersion('django'),
    commitOf(REPOSITORY),
  ]);
  return {
    runtimeLockHash: runtime.lockHash,
    python: runtime.pythonVersion,
    django,
    graderCommit,
    sandboxDriver: driver.name,
    sandboxLayersMissing: layers?.filter((layer) => !layer.ok).map((layer) => layer.id) ?? null,
    node: process.versions.node,
    architecture: process.arch,
    kernel: `${os.type()} ${os.release()}`,
  };
}

/** What a pack decides about the surroundings of its grades. */
export async function describePack(
  pack: TaskPack,
): Promise<Pick<ReportProvenance, 'pack' | 'limits' | 'locale' | 'timezone' | 'redis'>> {
  const { environment, services } = pack.definition;
  return {
    pack: { slug: pack.slug, version: pack.version, contentHash: pack.contentHash },
    limits: limitsOf(pack),
    locale: environment.LC_ALL ?? environment.LANG ?? SANDBOX_LOCALE,
    timezone: environment.TZ ?? SANDBOX_TIMEZONE,
    redis: services.redis ? await redisVersion() : null,
  };
}

let redis: Promise<string | null> | null = null;

/** Of the one that is installed; asked for once. */
function redisVersion(): Promise<string | null> {
  redis ??= findRedis().then((found) => (typeof found === 'string' ? null : found.version));
  return redis;
}

function limitsOf(pack: TaskPack): LimitsInForce {
  const { startSeconds, runSeconds, requestSeconds } = pack.definition.limits;
  const { memoryMiB, processes, cpuSeconds, fileMiB, openFiles, logBytes } = sandboxLimitsOf(pack);
  return { startSeconds, runSeconds, requestSeconds, memoryMiB, processes, cpuSeconds, fileMiB, openFiles, logBytes };
}

/** Limits of the sandbox that serves a pack's project. */
export function sandboxLimitsOf(pack: TaskPack): SandboxLimits {
  const { startSeconds, runSeconds, memoryMiB, processes } = pack.definition.limits;
  return { ...DEFAULT_LIMITS, memoryMiB, processes, startSeconds, cpuSeconds: startSeconds + runSeconds };
}

/** Version of a package in the runtime's lockfile, or null. */
async function pinnedVersion(name: string): Promise<string | null> {
  const lock = await readFile(LOCK_FILE, 'utf8').catch(() => '');
  return new RegExp(`^${name}==(\\S+)`, 'm').exec(lock)?.[1] ?? null;
}

/** The commit that is checked out in a repository or in a work tree of it, read from its files; null where there is none. */
export async function commitOf(repository: string): Promise<string | null> {
  const text = (file: string): Promise<string | null> =>
    readFile(file, 'utf8').then(
      (found) => found.trim(),
      () => null,
    );
  const dotGit = path.join(repository, '.git');
  const pointer = /^gitdir: (.+)$/.exec((await text(dotGit)) ?? '')?.[1];
  const folder = pointer === undefined ? dotGit : path.resolve(repository, pointer);
  const head = await text(path.join(folder, 'HEAD'));
  const reference = head && /^ref: (.+)$/.exec(head)?.[1];
  if (!reference) return asCommit(head);
  const common = path.resolve(folder, (await text(path.join(folder, 'commondir'))) ?? '.');
  const loose = (await text(path.join(folder, reference))) ?? (await text(path.join(common, reference)));
  if (loose !== null) return asCommit(loose);
  const packed = (await text(path.join(common, 'packed-refs'))) ?? '';
  return asCommit(
    packed
      .split('\n')
      .find((line) => line.endsWith(` ${reference}`))
      ?.split(' ')[0] ?? null,
  );
}

function asCommit(text: string | null): string | null {
  return text !== null && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text) ? text : null;
}
