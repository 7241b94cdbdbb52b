import { type Architecture, architectureOf } from './architecture';
import { seccompFilter } from './filter';
import { ALLOWED_CALLS, EXAMINED_CALLS } from './system-calls';

const AUDIT: Record<Architecture, number> = { x86_64: 0xc000003e, aarch64: 0xc00000b7 };
const ALLOW = 'allow';

/** Runs a filter as the kernel would (linux/filter.h); the real kernel runs the one of this processor in `bubblewrap.spec.ts`. */
function decide(architecture: Architecture, number: number, args: number[] = [], audit = AUDIT[architecture]): string {
  const program = seccompFilter(architecture);
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(audit, 4);
  args.forEach((value, index) => {
    data.writeUInt32LE(value >>> 0, 16 + 8 * index);
  });
  let accumulator = 0;
  for (let at = 0; at < program.length / 8; at += 1) {
    const code = program.readUInt16LE(at * 8);
    const [whenTrue, whenFalse, value] = [program[at * 8 + 2]!, program[at * 8 + 3]!, program.readUInt32LE(at * 8 + 4)];
    if (code === 0x20) accumulator = data.readUInt32LE(value);
    else if (code === 0x15) at += accumulator === value ? whenTrue : whenFalse;
    else if (code === 0x35) at += accumulator >= value ? whenTrue : whenFalse;
    else if (code === 0x45) at += (accumulator & value) !== 0 ? whenTrue : whenFalse;
    else if (code === 0x54) accumulator &= value;
    else if (code === 0x06) return value === 0x7fff0000 ? ALLOW : value === 0x80000000 ? 'kill' : `errno ${value & 0xffff}`;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error('the program ran off its end');
}

describe.each<Architecture>(['x86_64', 'aarch64'])('the filter for %s', (architecture) => {
  const numberOf = (name: keyof typeof EXAMINED_CALLS): number => EXAMINED_CALLS[name][architecture] ?? -1;

  test('allows what is listed and nothing else', () => {
    const listed = new Set(Object.values(ALLOWED_CALLS).map((numbers) => numbers[architecture]));
    const examined = new Set(Object.values(EXAMINED_CALLS).map((numbers) => numbers[architecture]));
    for (let number = 0; number < 600; number += 1) {
      if (examined.has(number)) continue;
      expect([number, decide(architecture, number)]).toEqual([number, listed.has(number) ? ALLOW : 'errno 38']);
    }
  });

  test('names every number once', () => {
    const numbers = [...Object.values(ALLOWED_CALLS), ...Object.values(EXAMINED_CALLS)].map((call) => call[architecture]);
    const present = numbers.filter((number) => number !== null);
    expect(new Set(present).size).toBe(present.length);
  });

  test('kills programs of another architecture', () => {
    expect(decide(architecture, 0, [], 0x40000003)).toBe('kill');
    expect(decide(architecture, 0, [], AUDIT[architecture === 'x86_64' ? 'aarch64' : 'x86_64'])).toBe('kill');
  });

  test('looks at arguments', () => {
    const threadOrProcess = [0x3d0f00, 17, 0x4111];
    for (const flags of threadOrProcess) expect(decide(architecture, numberOf('clone'), [flags])).toBe(ALLOW);
    for (const flag of [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]) {
      expect(decide(architecture, numberOf('clone'), [flag | 17])).toBe('errno 1');
    }
    const families = Array.from({ length: 46 }, (_, family) => family);
    const allowed = (name: 'socket' | 'socketpair'): number[] =>
      families.filter((family) => decide(architecture, numberOf(name), [family]) === ALLOW);
    expect(allowed('socket')).toEqual([1, 2, 10]);
    expect(allowed('socketpair')).toEqual([1]);
    expect(decide(architecture, numberOf('ioctl'), [0, 0x5412])).toBe('errno 1');
    expect(decide(architecture, numberOf('ioctl'), [0, 0x541c])).toBe('errno 1');
    expect(decide(architecture, numberOf('ioctl'), [0, 0x5401])).toBe(ALLOW);
    expect(decide(architecture, numberOf('prctl'), [1])).toBe('errno 1');
    expect(decide(architecture, numberOf('prctl'), [15])).toBe(ALLOW);
    for (const name of ['exit', 'exit_group'] as const) {
      for (const code of [0, 1, 136, 138, 0x89_00]) expect(decide(architecture, numberOf(name), [code])).toBe(ALLOW);
      for (const code of [137, 0x7f89, -119]) expect(decide(architecture, numberOf(name), [code])).toBe('kill');
    }
  });
});

test('x32 programs are killed', () => {
  expect(decide('x86_64', 0x40000000)).toBe('kill');
  expect(decide('x86_64', 0x40000000 + 59)).toBe('kill');
});

test('another processor is refused by name', () => {
  expect(architectureOf('arm64')).toBe('aarch64');
  expect(() => architectureOf('riscv64')).toThrow('not of riscv64');
});
