import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runProgram } from '../runtime/run-program';
import type { RunningSandbox } from '../sandbox';

/** What a driver needs in place of a layer that it does without; gone with `close`. */
export class Scratch {
  /** @param parent folder to make it in */
  constructor(private readonly parent: string = os.tmpdir()) {}

  private folder: Promise<string> | null = null;
  private rootCopy: Promise<string> | null = null;
  private readonly left: RunningSandbox[] = [];

  /** Without `read-only`: a copy of the runtime's root, so that what is written does not last. */
  copyOfRoot(root: string): Promise<string> {
    this.rootCopy ??= this.directory().then(async (folder) => {
      const copy = path.join(folder, 'root');
      await runProgram('cp', ['-a', '--reflink=auto', root, copy]);
      return copy;
    });
    return this.rootCopy;
  }

  /** Without `single-use`: one `/tmp` for all. */
  async sharedTemporary(): Promise<string> {
    const folder = await this.directory();
    await chmod(folder, 0o1777);
    return folder;
  }

  /** Without `single-use`: killing one lets it live until the driver is closed. */
  keepAlive(sandbox: RunningSandbox): RunningSandbox {
    this.left.push(sandbox);
    return {
      httpSocket: sandbox.httpSocket,
      started: sandbox.started,
      exited: sandbox.exited,
      get startedFrom() {
        return sandbox.startedFrom;
      },
      kill: () => Promise.resolve(),
      log: () => sandbox.log(),
      processIds: async () => (await sandbox.processIds?.()) ?? null,
    };
  }

  async close(): Promise<void> {
    for (const sandbox of this.left.splice(0)) await sandbox.kill();
    const folder = await this.folder?.catch(() => null);
    this.folder = null;
    this.rootCopy = null;
    if (folder) await rm(folder, { recursive: true, force: true });
  }

  private directory(): Promise<string> {
    this.folder ??= mkdtemp(path.join(this.parent, 'assay-scratch-'));
    return this.folder;
  }
}
