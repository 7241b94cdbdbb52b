import path from 'node:path';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import type { ComparedEstimate, EstimateDifference } from '@assay/cost-model/explain-difference/estimate-difference';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { type ThreadListener, ThreadPool } from '../threads/thread-pool';
import type { SimulationTask } from './simulation-messages';

export type { ThreadListener as SimulationListener } from '../threads/thread-pool';

/** Threads run what was built, from `src` as well as from `dist`. */
const ENTRY = path.join(__dirname, '..', '..', 'dist', 'cost-estimates', 'simulation-thread.js');

/** What of an estimate takes longer than the event loop may be held up (docs/adr/0022). */
@Injectable()
export class SimulationThreads implements BeforeApplicationShutdown {
  private readonly pool: ThreadPool;

  constructor(@Inject(CONFIG) { simulationThreads, simulationsWaiting, simulationSeconds }: Config) {
    const bounds = { threads: simulationThreads, waiting: simulationsWaiting, seconds: simulationSeconds };
    this.pool = new ThreadPool({ entry: ENTRY, ...bounds });
  }

  /** Ends every thread; estimates under way are refused and nothing of them is left. */
  beforeApplicationShutdown(): Promise<void> {
    return this.pool.stop();
  }

  /**
   * @throws EstimateInputError for input that cannot be estimated with
   * @throws Problem `unavailable` when it cannot be simulated now; see {@link ThreadPool.run}
   */
  report(input: EstimateInput, listener?: ThreadListener): Promise<EstimateReport> {
    return this.run({ kind: 'report', input }, listener) as Promise<EstimateReport>;
  }

  /** Why two estimates differ. @throws as {@link report} */
  explain(before: ComparedEstimate, after: ComparedEstimate, listener?: ThreadListener): Promise<EstimateDifference> {
    return this.run({ kind: 'explain', before, after }, listener) as Promise<EstimateDifference>;
  }

  private run(task: SimulationTask, listener?: ThreadListener): Promise<unknown> {
    return this.pool.run(task, listener);
  }
}
