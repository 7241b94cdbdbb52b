import { Gauge } from 'prom-client';
import { registry } from '../http/metrics';

/** Shows on `/metrics` how many jobs of a queue are in each state, asked for whenever somebody looks. */
export function exportQueueCounts(name: string, help: string, countJobs: () => Promise<Readonly<Record<string, number>>>): void {
  registry.removeSingleMetric(name);
  new Gauge({
    name,
    help,
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.reset();
      // The other metrics are wanted most when the store is away.
      const counts = await countJobs().catch(() => ({}));
      for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
    },
  });
}
