import net from 'node:net';
import os from 'node:os';
import type { AttackGroup, Observation } from '../attack';
import { abstractListener, type Listener, pathListener, tcpListener, udpListener } from '../canaries/listeners';
import type { HostileProject } from '../hostile-project';
import { literal, projectAttack, pythonAttack, textOf } from '../sandbox-attack';
import type { Stage } from '../stage';

/** Has a service on the host and looks, on the host, whether the Python reached it. */
const reach =
  (open: (stage: Stage) => Promise<Listener>, python: (address: string) => string) =>
  async (project: HostileProject, stage: Stage): Promise<Observation> => {
    const listener = await open(stage);
    const answer = textOf(await project.run(python(listener.address)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { breached: listener.received() > 0, seen: `${answer}; connections on the host: ${listener.received()}` };
  };

const connect = (address: string, family = 'AF_UNIX'): string => `
def reach():
    with socket.socket(socket.${family}) as connection:
        connection.settimeout(3)
        connection.connect(${address})
        return connection.recv(100).decode()
answer = outcome(reach)`;

export const network: AttackGroup = {
  title: 'The network',
  attacks: [
    projectAttack({
      id: 'reach-loopback',
      title: "Connect to a service on the host's loopback address",
      breach: 'The service sees a connection.',
      layers: ['network-namespace'],
      act: reach(tcpListener, (port) => connect(`("127.0.0.1", ${port})`, 'AF_INET')),
    }),
    projectAttack({
      id: 'send-datagram',
      title: 'Send data out in name queries',
      breach: 'A datagram arrives on the host.',
      layers: ['network-namespace'],
      act: reach(
        udpListener,
        (port) => `
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
    answer = outcome(lambda: connection.sendto(b"solution", ("127.0.0.1", ${port})))`,
      ),
    }),
    projectAttack({
      id: 'reach-abstract-socket',
      title: 'Connect to an abstract unix socket of the host (as a desktop or an init system has)',
      breach: 'The service sees a connection.',
      layers: ['network-namespace'],
      act: reach(
        abstractListener,
        (name) => `
def reach(address):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        return connection.recv(100).decode()
name = "\\0" + ${literal(name)}
# Some versions of the judge's own library fill the name up to its full length.
answer = [outcome(lambda: reach(address)) for address in (name, name.ljust(108, "\\0"))]`,
      ),
    }),
    projectAttack({
      id: 'reach-path-socket',
      title: 'Connect to a unix socket in a folder of the host (as of a container engine)',
      breach: 'The service sees a connection.',
      layers: ['root'],
      act: reach(pathListener, (file) => connect(literal(file))),
    }),
    pythonAttack({
      id: 'reach-other-machines',
      title: 'Find a way to other machines',
      breach: 'The submission sees a network interface of the host, or a route out of the machine.',
      layers: ['network-namespace'],
      python: `
def route():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.connect(("192.0.2.1", 53))
        return connection.getsockname()[0]
def has(address):
    with socket.socket() as listener:
        listener.bind((address, 0))
        return address
answer = [outcome(route), *(outcome(lambda: has(address)) for address in ${literal(ownAddresses())})]`,
      isBreach: (answer) => answer.includes('done'),
    }),
    projectAttack({
      id: 'listen-on-host',
      title: 'Open a port on the host, for others to come in or to be mistaken for a service',
      breach: 'The judge can connect to a port that the submission opened.',
      layers: ['network-namespace'],
      act: async (project) => {
        const port = Number(
          await project.run(`
import threading
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
threading.Thread(target=listener.accept, daemon=True).start()
answer = listener.getsockname()[1]`),
        );
        const isReached = await new Promise<boolean>((resolve) => {
          const connection = net.connect({ port, host: '127.0.0.1', timeout: 2000 });
          connection
            .on('connect', () => resolve(true))
            .on('error', () => resolve(false))
            .on('timeout', () => resolve(false));
          connection.on('connect', () => connection.destroy());
        });
        return { breached: isReached, seen: `port ${port} of the host ${isReached ? 'answers' : 'does not answer'}` };
      },
    }),
    pythonAttack({
      id: 'raw-sockets',
      title: 'Read and forge the packets of others',
      breach: 'A raw or packet socket is made.',
      layers: ['privileges', 'seccomp'],
      python: `
def make(family, kind, protocol):
    number = libc.socket(family, kind, protocol)
    return name_of(ctypes.get_errno()) if number == -1 else "made"
answer = [make(2, 3, 1), make(10, 3, 58), make(17, 3, 0)]`,
      isBreach: (answer) => answer.includes('made'),
    }),
  ],
};

/** Addresses of this machine other than its loopback; one for documentation when it has none. */
function ownAddresses(): string[] {
  const addresses = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
  const found = addresses.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
  return found.length > 0 ? found : ['192.0.2.2'];
}
