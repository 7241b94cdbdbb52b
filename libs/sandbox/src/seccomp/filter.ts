import type { Architecture } from './architecture';
import { ALLOWED_CALLS, type CallNumbers, EXAMINED_CALLS, NAMESPACE_CALLS } from './system-calls';

/*
 * A classic BPF program over `struct seccomp_data { int nr; u32 arch; u64 instruction_pointer; u64 args[6]; }` (little endian),
 * as in the kernel's Documentation/userspace-api/seccomp_filter.rst. Every call it allows with any argument is answered from the
 * kernel's bitmap, without running the program, so its length costs nothing.
 */
const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER_OR_EQUAL = 0x35;
const JUMP_ANY_BIT = 0x45;
const AND = 0x54;
const RETURN = 0x06;

const OFFSET_NUMBER = 0;
const OFFSET_ARCHITECTURE = 4;
/** Low half: every argument examined here is an int, and the kernel ignores the upper half of an int. */
const offsetOfArgument = (index: number): number => 16 + 8 * index;

const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const refuse = (errno: number): number => 0x00050000 + errno;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

const AUDIT_ARCHITECTURE: Readonly<Record<Architecture, number>> = { x86_64: 0xc000003e, aarch64: 0xc00000b7 };
/** x32 programs share the architecture of x86_64 and set this bit in the number. */
const X32_BIT = 0x40000000;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET of linux/sched.h. */
const CLONE_NEW_ANY = 0x00020000 + 0x02000000 + 0x04000000 + 0x08000000 + 0x10000000 + 0x20000000 + 0x40000000;
const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
/** Both put characters into a terminal as if typed. */
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
/** Clearing it would let the submission outlive a judge that was killed. */
const PR_SET_PDEATHSIG = 1;
/**
 * How a shell and bubblewrap report a death by SIGKILL. The first process of a namespace cannot send itself that signal, so that the
 * number tells a kill from outside, never the submission's fault, as long as no submission can end with it.
 */
const CODE_OF_SIGKILL = 137;

interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly value: number;
}

const load = (offset: number): Instruction => ({ code: LOAD_WORD, whenTrue: 0, whenFalse: 0, value: offset });
const answer = (action: number): Instruction => ({ code: RETURN, whenTrue: 0, whenFalse: 0, value: action });
/** Runs the next instruction when the test holds, else skips `otherwiseSkip`. */
const when = (code: number, value: number, otherwiseSkip: number): Instruction => ({
  code,
  whenTrue: 0,
  whenFalse: otherwiseSkip,
  value,
});
const answerWhenEqual = (value: number, action: number): Instruction[] => [when(JUMP_EQUAL, value, 1), answer(action)];

/** Runs `body` (which must end with an answer for every path) for one call, and nothing for others. */
function forCall(numbers: CallNumbers, architecture: Architecture, body: readonly Instruction[]): Instruction[] {
  const number = numbers[architecture];
  return number === null ? [] : [when(JUMP_EQUAL, number, body.length), ...body];
}

function examined(architecture: Architecture): Instruction[] {
  return [
    ...forCall(EXAMINED_CALLS.clone, architecture, [
      load(offsetOfArgument(0)),
      when(JUMP_ANY_BIT, CLONE_NEW_ANY, 1),
      answer(refuse(EPERM)),
      answer(ALLOW),
    ]),
    ...forCall(EXAMINED_CALLS.socket, architecture, [
      load(offsetOfArgument(0)),
      ...answerWhenEqual(AF_UNIX, ALLOW),
      ...answerWhenEqual(AF_INET, ALLOW),
      ...answerWhenEqual(AF_INET6, ALLOW),
      answer(refuse(EAFNOSUPPORT)),
    ]),
    ...forCall(EXAMINED_CALLS.socketpair, architecture, [
      load(offsetOfArgument(0)),
      ...answerWhenEqual(AF_UNIX, ALLOW),
      answer(refuse(EAFNOSUPPORT)),
    ]),
    ...forCall(EXAMINED_CALLS.ioctl, architecture, [
      load(offsetOfArgument(1)),
      ...answerWhenEqual(TIOCSTI, refuse(EPERM)),
      ...answerWhenEqual(TIOCLINUX, refuse(EPERM)),
      answer(ALLOW),
    ]),
    ...forCall(EXAMINED_CALLS.prctl, architecture, [
      load(offsetOfArgument(0)),
      ...answerWhenEqual(PR_SET_PDEATHSIG, refuse(EPERM)),
      answer(ALLOW),
    ]),
    ...[EXAMINED_CALLS.exit, EXAMINED_CALLS.exit_group].flatMap((call) =>
      forCall(call, architecture, [
        load(offsetOfArgument(0)),
        // The kernel keeps the lowest byte.
        { code: AND, whenTrue: 0, whenFalse: 0, value: 0xff },
        ...answerWhenEqual(CODE_OF_SIGKILL, KILL_PROCESS),
        answer(ALLOW),
      ]),
    ),
  ];
}

export interface FilterOptions {
  /** Makes it possible to create and enter namespaces: only for a driver without the layer `nested-namespaces`. */
  readonly allowNamespaces?: boolean;
}

/**
 * The allow-list as the array of `struct sock_filter` that the kernel reads. Foreign architectures are killed, unknown calls answer
 * ENOSYS.
 */
export function seccompFilter(architecture: Architecture, { allowNamespaces = false }: FilterOptions = {}): Buffer {
  const allowed = {
    ...ALLOWED_CALLS,
    ...(allowNamespaces ? { ...NAMESPACE_CALLS, clone: EXAMINED_CALLS.clone } : {}),
  };
  const program: Instruction[] = [
    load(OFFSET_ARCHITECTURE),
    { code: JUMP_EQUAL, whenTrue: 1, whenFalse: 0, value: AUDIT_ARCHITECTURE[architecture] },
    answer(KILL_PROCESS),
    load(OFFSET_NUMBER),
    ...(architecture === 'x86_64' ? [when(JUMP_GREATER_OR_EQUAL, X32_BIT, 1), answer(KILL_PROCESS)] : []),
    ...Object.values<CallNumbers>(allowed).flatMap((numbers) => forCall(numbers, architecture, [answer(ALLOW)])),
    ...examined(architecture),
    answer(refuse(ENOSYS)),
  ];
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(({ code, whenTrue, whenFalse, value }, index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(whenTrue, index * 8 + 2);
    bytes.writeUInt8(whenFalse, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  });
  return bytes;
}
