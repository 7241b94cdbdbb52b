import type { Finding } from '@assay/contracts/grading-report';
import { listFiles } from '@assay/task-pack/folder-hash';
import { compileHiddenChecks, type HiddenCheck } from '@assay/task-pack/hidden-checks';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { InfrastructureFault } from './faults';
import { analyseFolder } from './static-analysis';

/** What is worked out once for a pack and used by every grade of it. */
export interface PreparedPack {
  readonly checks: ReadonlyMap<string, HiddenCheck>;
  /** Static findings that the starter itself has. */
  readonly starterFindings: readonly Finding[];
}

/** Compiles a pack's checks and analyses its starter, once for each content. Throws {@link InfrastructureFault}. */
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
      throw new InfrastructureFault(
        'pack-broken',
        `the task pack "${pack.slug}" cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  private async prepare(pack: TaskPack): Promise<PreparedPack> {
    const starter = await listFiles(pack.starterFolder);
    const [checks, starterFindings] = await Promise.all([
      compileHiddenChecks(pack),
      analyseFolder(this.ruff, pack.starterFolder, starter, new AbortController().signal),
    ]);
    return { checks, starterFindings };
  }
}
