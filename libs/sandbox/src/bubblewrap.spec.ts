import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { BubblewrapDriver } from './bubblewrap';
import { planLaunch } from './bubblewrap/launch-plan';
import { requireReadiness } from './bubblewrap/readiness';
import { HostUsers } from './host-user';
import { planRoot } from './layers/root-plan';
import { LAUNCHER } from './runtime-paths';
import { SandboxUnavailable } from './sandbox';
import { BUILD_TIMEOUT, processesWith, sharedRuntime, TinyProjects } from './testing/tiny-project';

const projects = new TinyProjects(() => new BubblewrapDriver());
beforeAll(() => sharedRuntime(), BUILD_TIMEOUT);
afterAll(() => projects.close());

describe('a machine that cannot sandbox', () => {
  test('is refused, with the layer and the command', async () => {
    const driver = new BubblewrapDriver({ program: '/nonexistent/bwrap' });
    const start = driver.start(await projects.spec());
    await expect(start).rejects.toBeInstanceOf(SandboxUnavailable);
    await expect(start).rejects.toThrow(
      'No sandbox, no grading: Sandbox program (bubblewrap): bwrap is not installed. Run: sudo apt-get',
    );
  });

  test('is refused when bubblewrap is not allowed to make namespaces', async () => {
    const driver = new BubblewrapDriver({ program: '/bin/false' });
    const rows = await driver.probe();
    expect(rows.find(({ id }) => id === 'bubblewrap')).toMatchObject({ ok: false, required: true, remedy: expect.any(String) });
    expect(rows.find(({ id }) => id === 'user-namespaces')).toMatchObject({ ok: false, required: true });
    await expect(driver.start(await projects.spec())).rejects.toBeInstanceOf(SandboxUnavailable);
  });
});

test('every layer is there on a machine that runs these tests', async () => {
  const rows = await new BubblewrapDriver().probe();
  expect(rows.map(({ id }) => id)).toEqual(['bubblewrap', 'user-namespaces', 'seccomp', 'nested-user-namespaces', 'cgroup']);
  expect(rows.filter(({ required, ok }) => required && !ok)).toEqual([]);
});

test('when the judge itself is killed, at any moment, everything goes with it', async () => {
  // A judge of a few lines, so that there is one that can be killed.
  const judge = `
import os, subprocess, sys
nowhere = os.open("/dev/null", os.O_WRONLY)
[os.dup2(nowhere, number) for number in (3, 4) if number != nowhere]
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, pass_fds=(3, 4), start_new_session=True)
child.stdin.write(sys.argv[1].encode() + b"\\n")
child.stdin.flush()
print("started", flush=True)
child.wait()`;
  const ready = await requireReadiness();
  for (const milliseconds of [0, 15, 25, 30, 35, 40, 45, 50, 60, 80, 500]) {
    const spec = await projects.spec();
    const root = await planRoot(spec.runtime, new Set());
    const user = new HostUsers().take();
    const plan = planLaunch(
      { ...spec, entry: { program: null, wsgi: spec.wsgi, migrate: false } },
      { ready, root, user, cgroupFiles: [], without: new Set(), sharedTemporary: null },
    );
    const launcher = [spec.runtime.basePython, '-I', '-S', LAUNCHER];
    const child = spawn(spec.runtime.basePython, ['-c', judge, JSON.stringify(plan), ...launcher], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await wait(milliseconds);
    const left = async (): Promise<number[]> => [
      ...(await processesWith(String(spec.environment.MARK))),
      ...(await processesWith(spec.workDir)),
    ];
    if (milliseconds === 500) expect((await left()).length).toBeGreaterThan(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (let n = 0; n < 500 && (await left()).length > 0; n += 1) await wait(20);
    expect([milliseconds, await left()]).toEqual([milliseconds, []]);
  }
});
