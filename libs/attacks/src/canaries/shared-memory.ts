import { randomBytes } from 'node:crypto';
import type { Stage } from '../stage';
import { hostProcess } from './host-process';

/** Things that processes of the host share through the kernel and that every user of the host may open. */
export interface SharedThing {
  readonly secret: string;
  /** Key of System V, or name. */
  readonly key: number;
  readonly name: string;
}

const PYTHON = String.raw`
import ctypes, json, mmap, os, sys
libc = ctypes.CDLL(None, use_errno=True)
kind, key, name, secret = sys.stdin.readline().split()
key, secret = int(key), secret.encode()
libc.shmat.restype = ctypes.c_void_p
os.umask(0)
if kind == "sysv-memory":
    number = libc.shmget(key, 4096, 0o1666)
    place = libc.shmat(number, None, 0)
    ctypes.memmove(place, secret, len(secret))
elif kind == "sysv-messages":
    number = libc.msgget(key, 0o1666)
    class Message(ctypes.Structure):
        _fields_ = [("kind", ctypes.c_long), ("text", ctypes.c_char * 100)]
    libc.msgsnd(number, ctypes.byref(Message(1, secret)), 100, 0)
elif kind == "posix-memory":
    with open("/dev/shm/" + name, "wb") as file:
        file.write(secret)
elif kind == "posix-messages":
    number = ctypes.CDLL("librt.so.1", use_errno=True).mq_open(b"/" + name.encode(), 0o102, 0o666, None)
assert kind == "posix-memory" or number != -1, os.strerror(ctypes.get_errno())
print(json.dumps("ready"), flush=True)
sys.stdin.read()
if kind == "sysv-memory":
    libc.shmctl(number, 0, None)
elif kind == "sysv-messages":
    libc.msgctl(number, 0, None)
elif kind == "posix-memory":
    os.unlink("/dev/shm/" + name)
else:
    ctypes.CDLL("librt.so.1").mq_unlink(b"/" + name.encode())
`;

export type SharedKind = 'sysv-memory' | 'sysv-messages' | 'posix-memory' | 'posix-messages';

/** Exists until the attempt is over. Each has a random name or key of its own, and only that one is removed. */
export async function sharedThing(stage: Stage, kind: SharedKind): Promise<SharedThing> {
  const key = randomBytes(4).readUInt32BE() >>> 2 || 1;
  const thing = { secret: `secret-${randomBytes(12).toString('hex')}`, key, name: `assay-attack-${key.toString(16)}` };
  await hostProcess(stage, PYTHON, { input: `${kind} ${key} ${thing.name} ${thing.secret}\n` });
  return thing;
}
