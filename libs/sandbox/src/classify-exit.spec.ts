import { classifyExit, type ExitFacts } from './classify-exit';

const MIB = 1024 * 1024;
const counters = { memoryKills: 0, processesRefused: 0, peakMemoryBytes: 255 * MIB, cpuMs: 100, outputBytes: 0 };
const facts: ExitFacts = {
  hasRun: true,
  exitCode: 0,
  saidOutOfCpuTime: false,
  cpuSeconds: 5,
  memoryBytes: 256 * MIB,
  counters,
  messages: '',
};

test.each<[string, Partial<ExitFacts>, ReturnType<typeof classifyExit>]>([
  ['an ordinary end', { exitCode: 3 }, { kind: 'exited', code: 3 }],
  ['a crash', { exitCode: 139 }, { kind: 'signalled', signal: 'SIGSEGV' }],
  ['a code beyond the signals', { exitCode: 255 }, { kind: 'exited', code: 255 }],
  ['a kill that nobody explains', { exitCode: 137 }, { kind: 'infra_fault', detail: 'The project was killed from outside.' }],
  ...[137, null].map((exitCode): [string, Partial<ExitFacts>, ReturnType<typeof classifyExit>] => [
    `memory that others used up (${exitCode})`,
    { exitCode, counters: { ...counters, memoryKills: 1, peakMemoryBytes: 100 * MIB } },
    { kind: 'infra_fault', detail: 'The machine ran out of memory before the sandbox had used its own.' },
  ]),
  [
    'memory where nobody keeps the peak',
    { exitCode: 137, counters: { ...counters, memoryKills: 1, peakMemoryBytes: null } },
    { kind: 'limit', limit: 'memory' },
  ],
  ['memory', { exitCode: 137, counters: { ...counters, memoryKills: 1 } }, { kind: 'limit', limit: 'memory' }],
  [
    'memory of the whole group',
    { exitCode: null, counters: { ...counters, memoryKills: 3 } },
    { kind: 'limit', limit: 'memory' },
  ],
  [
    'memory of a child that was survived',
    { exitCode: 1, counters: { ...counters, memoryKills: 1 } },
    { kind: 'exited', code: 1 },
  ],
  ['CPU by the signal', { exitCode: 152 }, { kind: 'limit', limit: 'cpu' }],
  ['CPU by the harness', { exitCode: 137, saidOutOfCpuTime: true }, { kind: 'limit', limit: 'cpu' }],
  ['CPU by the counter', { exitCode: 137, counters: { ...counters, cpuMs: 6900 } }, { kind: 'limit', limit: 'cpu' }],
  ['a forbidden architecture', { exitCode: 159 }, { kind: 'limit', limit: 'system_calls' }],
])('%s', (_title, change, expected) => {
  expect(classifyExit({ ...facts, ...change })).toEqual(expected);
});

test('before the harness ran it is the sandbox, with what was said', () => {
  const exit = classifyExit({ ...facts, hasRun: false, exitCode: 1, messages: 'bwrap: no' });
  expect(exit).toEqual({ kind: 'infra_fault', detail: 'The sandbox could not be made: bwrap: no' });
});

test('without a report of bubblewrap it is the sandbox', () => {
  expect(classifyExit({ ...facts, exitCode: null })).toMatchObject({ kind: 'infra_fault' });
});
