import path from 'node:path';
import type { EstimateFormat } from '@assay/estimate-export/export-estimate';
import type { ExportedEstimate } from '@assay/estimate-export/exported-estimate';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { ThreadPool } from '../threads/thread-pool';
import type { ExportTask } from './estimate-export-messages';

/** Threads run what was built, from `src` as well as from `dist`. */
const ENTRY = path.join(__dirname, '..', '..', 'dist', 'cost-estimates', 'estimate-export-thread.js');

/** Makes the files of estimates, one after the other: setting a page takes about a tenth of a second (docs/adr/0024). */
@Injectable()
export class EstimateExportThreads implements BeforeApplicationShutdown {
  private readonly pool = new ThreadPool({ entry: ENTRY, threads: 1, waiting: 32, seconds: 30 });

  beforeApplicationShutdown(): Promise<void> {
    return this.pool.stop();
  }

  /**
   * @param owner id of the organisation
   * @throws Problem `unavailable` when it cannot be made now; see {@link ThreadPool.run}
   */
  make(estimate: ExportedEstimate, format: EstimateFormat, owner: string): Promise<Uint8Array> {
    const task: ExportTask = { estimate, format };
    return this.pool.run(task, { owner }) as Promise<Uint8Array>;
  }
}
