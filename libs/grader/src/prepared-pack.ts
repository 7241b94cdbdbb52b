import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '@assay/contracts/grading-report';
import { inOrderOfNeeds } from '@assay/task-pack/check-order';
import { compileHiddenChecks } from '@assay/task-pack/hidden-checks';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { type SourceNeeds, sourceNeedsOf } from './check-kinds/source-reading';
import { InfrastructureFault } from './faults';
import type { JudgedPack } from './judge-process/messages';
import { analyseFiles } from './static-analysis';

/** What is worked out once for a pack and used by every grade of it. */
export interface PreparedPack {
  /** What a judge process needs of it. */
  readonly judged: JudgedPack;
  /** Static findings that the starter itself has. */
  readonly starterFindings: readonly Finding[];
  /** What the checks want to know of a submission's files. */
  readonly sourceNeeds: SourceNeeds;
}

/** Compiles a pack's checks and analyses its starter, once for each content; runs nothing of it. Throws {@link InfrastructureFault}. */
export class PreparedPacks {
  private readonly prepared = new Map<string, Promise<PreparedPack>>();

  constructor(private readonly ruff: string) {}

  async get(pack: TaskPack): Promise<PreparedPack> {
    const known = this.prepared.get(pack.contentHash) ?? this.prepare(pack);
    this.prepared.set(pack.contentHash, known);
    try {
      return await known;
    } catch (error) {
      this.prepared.delete(pack.contentHash);
      if (error instanceof InfrastructureFault) throw error;
      throw new InfrastructureFault(
        'pack-broken',
        `the task pack "${pack.slug}" cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  private async prepare(pack: TaskPack): Promise<PreparedPack> {
    const starter = pack.starterFiles.map((file) => file.path);
    const [checkFiles, data, starterFindings] = await Promise.all([
      compileHiddenChecks(pack),
      readData(pack),
      analyseFiles(this.ruff, pack.starterFolder, starter, new AbortController().signal),
    ]);
    const { checks, users, database } = pack.definition;
    const judged = {
      contentHash: pack.contentHash,
      slug: pack.slug,
      definitions: inOrderOfNeeds(checks),
      users,
      checkFiles,
      seed: database.seed,
      data,
    };
    return { judged, starterFindings, sourceNeeds: sourceNeedsOf(checkFiles) };
  }
}

/** Texts of the `data/` folder by their names in it. */
async function readData(pack: TaskPack): Promise<Record<string, string>> {
  const names = pack.files.filter((file) => file.startsWith('data/')).map((file) => file.slice('data/'.length));
  const texts = await Promise.all(names.map((name) => readFile(path.join(pack.dataFolder, name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}
