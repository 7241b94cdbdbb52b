import { randomUUID } from 'node:crypto';
import type { AttackGroup, Observation } from '../attack';
import { type HostProcess, secretProcess } from '../canaries/host-process';
import type { HostileProject } from '../hostile-project';
import { startHostile } from '../hostile-project';
import { HOST_PROCESSES, projectAttack, sandboxAttack, sandboxLayers, textOf } from '../sandbox-attack';
import type { Stage } from '../stage';

/** Has a process of the host beside the project, of the same user, and looks whether the Python found its secret. */
const find =
  (python: (victim: HostProcess) => string) =>
  async (project: HostileProject, stage: Stage): Promise<Observation> => {
    const secret = `secret-${randomUUID()}`;
    const victim = await secretProcess(stage, project, secret);
    const answer = textOf(await project.run(python(victim)));
    return { breached: answer.includes(secret), seen: answer };
  };

export const otherProcesses: AttackGroup = {
  title: 'Other processes of the machine',
  attacks: [
    projectAttack({
      id: 'read-environment-of-process',
      title: 'Read the environment of another process',
      breach: 'A variable of a process of the host reaches the submission.',
      layers: ['pid-namespace', 'process-files', 'privileges'],
      proofOn: HOST_PROCESSES,
      act: find(
        ({ pid }) => `
numbers = [name for name in os.listdir("/proc") if name.isdigit()] if os.path.isdir("/proc") else []
environments = [outcome(lambda: open(f"/proc/{number}/environ").read()) for number in {*numbers, "1", "${pid}"}]
answer = f"{len(numbers)} processes seen; " + next((text for text in environments if "secret-" in text), "no secret")`,
      ),
    }),
    projectAttack({
      id: 'read-memory-file-of-process',
      title: 'Read the memory of another process through /proc',
      breach: 'The memory of a process of the host is read.',
      layers: ['pid-namespace', 'process-files', 'privileges'],
      proofOn: HOST_PROCESSES,
      act: find(
        ({ pid, said }) => `
def read():
    with open("/proc/${pid}/mem", "rb", buffering=0) as memory:
        memory.seek(${placeOf(said)[0]})
        return memory.read(${placeOf(said)[1]})
answer = outcome(read)`,
      ),
    }),
    projectAttack({
      id: 'read-memory-of-process',
      title: 'Read the memory of another process by a system call',
      breach: 'The memory of a process of the host is read.',
      layers: ['pid-namespace', 'seccomp', 'privileges'],
      proofOn: HOST_PROCESSES,
      act: find(
        ({ pid, said }) => `
size = ${placeOf(said)[1]}
target = ctypes.create_string_buffer(size)
class Piece(ctypes.Structure):
    _fields_ = [("start", ctypes.c_void_p), ("length", ctypes.c_size_t)]
here, there = Piece(ctypes.addressof(target), size), Piece(${placeOf(said)[0]}, size)
result = call("process_vm_readv", ${pid}, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
answer = f"{result} {bytes(target)}"`,
      ),
    }),
    projectAttack({
      id: 'trace-process',
      title: 'Trace another process and do as it',
      breach: 'ptrace attaches to a process of the host.',
      layers: ['pid-namespace', 'seccomp', 'privileges'],
      proofOn: HOST_PROCESSES,
      act: async (project, stage) => {
        const { pid } = await secretProcess(stage, project, 'untold');
        const answer = textOf(await project.run(`answer = in_child(lambda: call("ptrace", 0x4206, ${pid}, 0, 0))`));
        return { breached: answer === '0', seen: answer };
      },
    }),
    projectAttack({
      id: 'kill-process',
      title: 'Kill a process of the host that runs as the same user',
      breach: 'The process is gone.',
      layers: ['pid-namespace'],
      proofOn: HOST_PROCESSES,
      act: async (project, stage) => {
        const victim = await secretProcess(stage, project, 'untold');
        const answer = textOf(await project.run(`answer = outcome(lambda: os.kill(${victim.pid}, signal.SIGKILL))`));
        for (let round = 0; round < 20 && answer.startsWith('done') && victim.isAlive(); round += 1)
          await new Promise((resolve) => setTimeout(resolve, 50));
        return { breached: !victim.isAlive(), seen: `${answer}; the process ${victim.isAlive() ? 'lives' : 'is dead'}` };
      },
    }),
    projectAttack({
      id: 'count-processes',
      title: 'See which processes the machine runs',
      breach: 'A number of a process of the host answers to a signal.',
      layers: ['pid-namespace'],
      proofOn: HOST_PROCESSES,
      act: async (project, stage) => {
        const { pid } = await secretProcess(stage, project, 'untold');
        const answer = textOf(
          await project.run(`answer = [outcome(lambda: os.kill(number, 0)) for number in (${pid}, ${process.pid})]`),
        );
        return { breached: answer !== '["ESRCH","ESRCH"]', seen: answer };
      },
    }),
    projectAttack({
      id: 'signal-judge-by-socket',
      title: 'Signal the judge by the handle that the kernel gives for whoever is at the other end of a socket',
      breach: 'A signal can be sent to the process that sent the request.',
      layers: ['pid-namespace', 'privileges'],
      proofOn: HOST_PROCESSES,
      act: async (project) => {
        const answer = textOf(
          await project.run(`
SO_PEERPIDFD = 77
def peers():
    for number in range(64):
        who, length = (ctypes.c_int * 3)(), ctypes.c_uint(12)
        libc.getsockopt(number, socket.SOL_SOCKET, socket.SO_PEERCRED, who, ctypes.byref(length))
        if who[0] == os.getpid():
            continue  # a socket that it made itself
        handle, size = ctypes.c_int(-1), ctypes.c_uint(4)
        if libc.getsockopt(number, socket.SOL_SOCKET, SO_PEERPIDFD, ctypes.byref(handle), ctypes.byref(size)) == 0:
            yield handle.value
answer = [outcome(lambda: signal.pidfd_send_signal(peer, 0)) for peer in peers()]`),
        );
        return { breached: answer.includes('done'), seen: answer };
      },
    }),
    sandboxAttack({
      id: 'kill-watcher',
      title: 'Kill the process that started it or watches over it, so that its own end looks like a fault of the machine',
      breach: 'The exit of the sandbox is told as a fault of the infrastructure.',
      layers: ['pid-namespace', 'privileges'],
      attempt: async (stage, without) => {
        const { sandbox, tryRun } = await startHostile(stage, stage.driver(sandboxLayers(without)));
        const answer = textOf(
          await tryRun(`
parent = os.getppid()
answer = outcome(lambda: os.kill(parent, signal.SIGKILL)) if parent > 1 else f"parent is {parent}"
time.sleep(1)`),
        );
        await tryRun('os._exit(3)');
        const exit = await sandbox.exited;
        return { breached: exit.kind === 'infra_fault', seen: `${answer}; exit: ${exit.kind}` };
      },
    }),
  ],
};

/** Address and size of the victim's secret, as it printed them. */
function placeOf(said: unknown): [number, number] {
  if (Array.isArray(said) && said.length === 2 && said.every(Number.isSafeInteger)) return [Number(said[0]), Number(said[1])];
  throw new Error('The process of the host did not tell where its secret is.');
}
