import { setTimeout as wait } from 'node:timers/promises';
import type { AttackGroup, Observation } from '../attack';
import type { HostileProject } from '../hostile-project';
import { projectAttack, textOf } from '../sandbox-attack';

/** Does something, has the judge end the run as after every submission, and counts who is still there. */
const survive =
  (python: string) =>
  async (project: HostileProject): Promise<Observation> => {
    const answer = textOf(await project.tryRun(python, 3));
    const before = (await project.processes()).length;
    await project.sandbox.kill();
    // A process that is about to be born again has time to.
    await wait(200);
    const after = (await project.processes()).length;
    return { breached: after > 0, seen: `${answer}; ${before} processes before the judge ended the run, ${after} after` };
  };

const DEAF = `
def be_deaf():
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass`;

export const leftBehind: AttackGroup = {
  title: 'Staying after the end',
  attacks: [
    projectAttack({
      id: 'daemon',
      title: 'Leave a daemon: a session of its own, deaf to signals, without descriptors',
      breach: 'A process of the submission lives after its run.',
      layers: ['single-use'],
      act: survive(`${DEAF}
if os.fork() == 0:
    os.setsid()
    be_deaf()
    if os.fork() != 0:
        os._exit(0)
    os.closerange(0, 256)
    time.sleep(600)
time.sleep(0.3)
answer = "daemon started"`),
    }),
    projectAttack({
      id: 'ever-new-processes',
      title: 'Replace itself by a new process all the time, so that each kill hits one that is gone',
      breach: 'A process of the submission lives after its run.',
      layers: ['single-use'],
      act: survive(`${DEAF}
for _ in range(6):
    if os.fork() == 0:
        os.setsid()
        be_deaf()
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                if os.fork() != 0:
                    os._exit(0)
            except OSError:
                pass
        os._exit(0)
time.sleep(0.3)
answer = "started"`),
    }),
    projectAttack({
      id: 'stopped-processes',
      title: 'Stop all of its processes, the first one too, so that none of them ends by itself',
      breach: 'A process of the submission lives after its run.',
      layers: ['single-use'],
      act: survive(`
for _ in range(3):
    if os.fork() == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
time.sleep(0.2)
if os.fork() == 0:
    os.kill(1, signal.SIGSTOP)
    os._exit(0)
os.kill(os.getpid(), signal.SIGSTOP)
answer = "stopped"`),
    }),
    projectAttack({
      id: 'deaf-server',
      title: 'Ignore every signal, be busy, and answer nothing more',
      breach: 'A process of the submission lives after its run.',
      layers: ['single-use'],
      act: survive(`${DEAF}
be_deaf()
end = time.monotonic() + 15
while time.monotonic() < end:
    pass
answer = "was left alone"`),
    }),
  ],
};
