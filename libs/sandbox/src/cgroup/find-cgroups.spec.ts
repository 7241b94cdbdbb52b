import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { findCgroups, parseMountinfo, parseOwnGroups } from './find-cgroups';
import { SandboxCgroup } from './sandbox-cgroup';

test('reads mountinfo, with and without optional fields', () => {
  const text = [
    '35 25 0:29 / /sys/fs/cgroup ro,nosuid shared:9 master:2 - cgroup2 cgroup rw,nsdelegate',
    '36 25 0:30 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
    '',
  ].join('\n');
  expect(parseMountinfo(text)).toEqual([
    { root: '/', mountPoint: '/sys/fs/cgroup', type: 'cgroup2', options: ['rw', 'nsdelegate'] },
    { root: '/docker/abc', mountPoint: '/sys/fs/cgroup/memory', type: 'cgroup', options: ['rw', 'memory'] },
  ]);
});

test('reads the groups of a process of both versions', () => {
  const groups = parseOwnGroups('4:cpu,cpuacct:/a\n2:memory:/b:c\n0::/user.slice\n');
  expect(Object.fromEntries(groups)).toEqual({ cpu: '/a', cpuacct: '/a', memory: '/b:c', '': '/user.slice' });
});

test('a group of this machine is limited, counted and removed', async () => {
  const { parents, why } = await findCgroups();
  if (!parents) {
    expect(why).not.toBe('');
    return;
  }
  const cgroup = await SandboxCgroup.create(parents, { memoryBytes: 64 * 2 ** 20, processes: 5 });
  const folders = cgroup.processFiles.map((file) => file.replace(/\/cgroup\.procs$/, ''));
  expect(folders.every((folder) => existsSync(folder))).toBe(true);
  expect(await cgroup.counters()).toMatchObject({ memoryKills: 0, processesRefused: 0 });
  await cgroup.remove();
  expect(folders.some((folder) => existsSync(folder))).toBe(false);
  for (const folder of Object.values(parents.folders))
    expect((await readdir(folder)).filter((name) => name.startsWith('assay-trial'))).toEqual([]);
});
