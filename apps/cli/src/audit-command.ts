import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { auditProject } from '@assay/audit/audit-project';
import { fetchRepository, RepositoryUnavailable, repositoryAddress } from '@assay/audit/fetch-repository';
import { auditToSarif } from '@assay/audit/sarif';
import type { AuditReport } from '@assay/contracts/audit-report';
import { type AuditArguments, parseAuditArguments } from './audit-arguments';
import { formatAudit } from './audit-format';
import { UsageError } from './grade-arguments';

/** As for a grade: 0 audited, 2 cannot be judged. */
const EXIT_OF_OUTCOME = { audited: 0, ungradable: 2 } as const;
const UNGRADABLE = 2;

export interface AuditSurroundings {
  /** Path of a Python with its standard library. Called once it is clear that there is something to audit. */
  readonly openPython: () => Promise<string>;
  /** Where git is looked for, as in PATH. */
  readonly searchPath: string;
  readonly output: { readonly result: (text: string) => void; readonly progress: (line: string) => void };
  readonly signal: AbortSignal;
}

/** `grade --audit <folder | git repository>`. Resolves to the exit code; rejects with `UsageError` on wrong usage. */
export async function auditCommand(words: readonly string[], surroundings: AuditSurroundings): Promise<number> {
  const args = parseAuditArguments(words);
  const { openPython, output, signal } = surroundings;
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-audit-'));
  try {
    const found = await find(args, path.join(scratch, 'repository'), surroundings);
    const report = await auditProject({ ...found, python: await openPython(), signal });
    output.result(print(report, args));
    return EXIT_OF_OUTCOME[report.outcome];
  } catch (error) {
    if (!(error instanceof RepositoryUnavailable)) throw error;
    output.progress(`${args.target.replace(/\/\/[^/@]*@/, '//')} cannot be fetched. ${error.message}`);
    return UNGRADABLE;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function print(report: AuditReport, { format }: AuditArguments): string {
  if (format === 'json') return `${JSON.stringify(report)}\n`;
  return format === 'sarif' ? auditToSarif(report) : formatAudit(report);
}

interface Found {
  readonly folder: string;
  readonly source: AuditReport['source'];
}

/** A folder is read where it lies; a bare repository or an address is fetched into the missing folder `scratch`. */
async function find(
  { target }: AuditArguments,
  scratch: string,
  { searchPath, output, signal }: AuditSurroundings,
): Promise<Found> {
  const address = repositoryAddress(target);
  if (address === null)
    throw new UsageError(`"${target}" is neither a folder nor a git repository: give a path or an https:// address`);
  const isRemote = address.url.startsWith('https:');
  if (!isRemote) {
    const info = await stat(address.url).catch(() => null);
    if (!info?.isDirectory()) throw new UsageError(`There is no folder or git repository "${target}"`);
    if (!(await isBareRepository(address.url)))
      return { folder: address.url, source: { kind: 'folder', name: address.shown, commit: null } };
  }
  output.progress(`Fetching ${address.shown}`);
  const commit = await fetchRepository(address, scratch, { searchPath, signal });
  return { folder: scratch, source: { kind: 'repository', name: address.shown, commit } };
}

async function isBareRepository(folder: string): Promise<boolean> {
  const parts = await Promise.all(['HEAD', 'objects', 'refs'].map((name) => stat(path.join(folder, name)).catch(() => null)));
  return parts.every((info) => info !== null);
}
