import type { AttackGroup, Observation } from '../attack';
import { type SharedKind, type SharedThing, sharedThing } from '../canaries/shared-memory';
import type { HostileProject } from '../hostile-project';
import { HOST_ROOT_DESCRIPTOR, literal, projectAttack, textOf } from '../sandbox-attack';
import type { Stage } from '../stage';

const openShared =
  (kind: SharedKind, python: (thing: SharedThing) => string) =>
  async (project: HostileProject, stage: Stage): Promise<Observation> => {
    const thing = await sharedThing(stage, kind);
    const answer = textOf(await project.run(python(thing)));
    return { breached: answer.includes(thing.secret) || answer === 'opened', seen: answer };
  };

export const sharedMemory: AttackGroup = {
  title: 'Memory and messages that processes share',
  attacks: [
    projectAttack({
      id: 'system-v-memory',
      title: 'Attach to shared memory of the host (System V)',
      breach: 'The content of a segment of the host is read.',
      layers: ['ipc-namespace', 'seccomp'],
      act: openShared(
        'sysv-memory',
        ({ key }) => `
number = call("shmget", ${key}, 0, 0)
answer = ctypes.string_at(call("shmat", number, 0, 0o10000), 100).decode("latin1") if isinstance(number, int) else number`,
      ),
    }),
    projectAttack({
      id: 'system-v-messages',
      title: 'Open a message queue of the host (System V)',
      breach: 'A queue of the host is opened.',
      layers: ['ipc-namespace', 'seccomp'],
      act: openShared(
        'sysv-messages',
        ({ key }) => `
number = call("msgget", ${key}, 0)
answer = "opened" if isinstance(number, int) else number`,
      ),
    }),
    projectAttack({
      id: 'posix-messages',
      title: 'Open a message queue of the host (POSIX)',
      breach: 'A queue of the host is opened.',
      layers: ['ipc-namespace', 'seccomp'],
      act: openShared(
        'posix-messages',
        ({ name }) => `
number = call("mq_open", ${literal(name)}.encode(), 0, 0, 0)
answer = "opened" if isinstance(number, int) else number`,
      ),
    }),
    projectAttack({
      id: 'posix-memory',
      title: 'Open shared memory of the host (POSIX)',
      breach: 'A file in the /dev/shm of the host is read.',
      layers: ['descriptors'],
      proofOn: HOST_ROOT_DESCRIPTOR,
      act: openShared('posix-memory', ({ name }) => `answer = read_anywhere("/dev/shm/" + ${literal(name)})`),
    }),
  ],
};
