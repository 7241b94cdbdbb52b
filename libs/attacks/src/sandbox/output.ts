import type { AttackGroup } from '../attack';
import { projectAttack } from '../sandbox-attack';

const LOG_BYTES = 16 * 1024;
const MIB = 1024 * 1024;

export const output: AttackGroup = {
  title: 'What it prints and reports',
  attacks: [
    projectAttack({
      id: 'output-flood',
      title: 'Print without end, so that the judge runs out of memory or disk',
      breach: 'The judge keeps more than the limit.',
      layers: ['output-limit'],
      project: { limits: { logBytes: LOG_BYTES } },
      act: async (project) => {
        await project.run(`
for _ in range(64):
    os.write(1, b"x" * 2**20)
answer = "printed"`);
        await project.sandbox.kill();
        const kept = project.sandbox.log().length;
        const { outputBytes } = (await project.sandbox.exited).counters;
        return { breached: kept > 2 * LOG_BYTES, seen: `${kept} characters kept of ${Math.round(outputBytes / MIB)} MiB` };
      },
    }),
  ],
};
