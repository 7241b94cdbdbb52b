import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { findCgroups } from './find-cgroups';
import { ServiceCgroup } from './service-cgroup';

const MIB = 2 ** 20;
/** Waits for a line, then holds 100 MiB. */
const GREEDY = 'process.stdin.once("data", () => { global.held = Buffer.alloc(100 * 1024 * 1024, 1); console.log("held"); })';

jest.setTimeout(60_000);

describe('a group for a server', () => {
  let group: ServiceCgroup | null = null;
  let child: ChildProcess | null = null;
  afterEach(async () => {
    child?.kill('SIGKILL');
    await group?.remove();
  });

  async function greedyIn(memoryBytes: number): Promise<[number | null, NodeJS.Signals | null] | null> {
    group = await ServiceCgroup.create({ memoryBytes, processes: 32 });
    if (!group) {
      expect((await findCgroups()).parents).toBeNull();
      return null;
    }
    child = spawn(process.execPath, ['-e', GREEDY], { stdio: ['pipe', 'pipe', 'inherit'] });
    await group.add(child.pid ?? 0);
    const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    child.stdin?.end('\n');
    return ended;
  }

  it('has the process that was put into it, and lets it have what it may', async () => {
    const ended = await greedyIn(600 * MIB);
    if (!group || !ended) return;
    expect(ended).toEqual([0, null]);
    expect(await group.counters()).toMatchObject({ memoryKills: 0 });
    expect((await group.counters()).peakMemoryBytes ?? 101 * MIB).toBeGreaterThan(100 * MIB);
  });

  it('ends what uses up its memory, and counts it', async () => {
    const ended = await greedyIn(80 * MIB);
    if (!group || !ended) return;
    expect(ended).toEqual([null, 'SIGKILL']);
    expect((await group.counters()).memoryKills).toBeGreaterThan(0);
  });

  it('is gone with everything in it when it is removed', async () => {
    group = await ServiceCgroup.create({ memoryBytes: 300 * MIB, processes: 32 });
    if (!group) return;
    child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    await group.add(child.pid ?? 0);
    expect(await readFile(`/proc/${child.pid}/cgroup`, 'utf8')).toContain('/assay-');
    const ended = once(child, 'exit');
    await group.remove();
    expect(await ended).toEqual([null, 'SIGKILL']);
    group = null;
  });
});
