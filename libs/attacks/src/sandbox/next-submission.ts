import { randomUUID } from 'node:crypto';
import type { AttackGroup } from '../attack';
import { startHostile } from '../hostile-project';
import { literal, sandboxAttack, sandboxLayers, textOf } from '../sandbox-attack';

export const nextSubmission: AttackGroup = {
  title: 'The next submission in the same slot',
  attacks: [
    sandboxAttack({
      id: 'file-for-the-next',
      title: 'Leave a file in /tmp, with a key or with code, for whoever comes next',
      breach: 'The next submission sees the file.',
      layers: ['single-use'],
      attempt: async (stage, without) => {
        const driver = stage.driver(sandboxLayers(without));
        const secret = randomUUID();
        const first = await startHostile(stage, driver);
        await first.run(`
for place in ("/tmp", "/var/tmp", "/dev/shm", "/run"):
    try:
        with open(place + "/note", "w") as file:
            file.write(${literal(secret)})
    except OSError:
        pass
answer = "left"`);
        await first.sandbox.kill();
        const next = await startHostile(stage, driver);
        const answer = textOf(
          await next.run(
            `answer = [outcome(lambda: open(place + "/note").read()) for place in ("/tmp", "/var/tmp", "/dev/shm", "/run")]`,
          ),
        );
        return { breached: answer.includes(secret), seen: answer };
      },
    }),
    sandboxAttack({
      id: 'live-beside-the-next',
      title: 'Stay alive while the next submission is graded',
      breach: 'A process of the first submission lives when the next one serves.',
      layers: ['single-use'],
      attempt: async (stage, without) => {
        const driver = stage.driver(sandboxLayers(without));
        const first = await startHostile(stage, driver);
        await first.run('if os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\nanswer = 0');
        await first.sandbox.kill();
        await startHostile(stage, driver);
        const living = (await first.processes()).length;
        return { breached: living > 0, seen: `${living} processes of the first submission live` };
      },
    }),
  ],
};
