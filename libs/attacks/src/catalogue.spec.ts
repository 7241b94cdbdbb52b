import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SANDBOX_LAYERS } from '@assay/sandbox/sandbox';
import { sharedRuntime } from '@assay/sandbox/testing/tiny-project';
import { JUDGE_LAYERS } from './attack';
import { ATTACK_GROUPS, ATTACKS } from './catalogue';
import { parseCommand } from './command';
import { DRIVER_NAMES, makeDriver } from './drivers';
import { attacksListedIn } from './matrix';

const DOCUMENT = path.join(__dirname, '..', '..', '..', 'docs', 'SECURITY.md');

test('there are at least 70 attacks', () => {
  expect(ATTACKS.length).toBeGreaterThanOrEqual(70);
});

test('every attack has an id of its own, says what a breach would be, and names what proves it', () => {
  const ids = ATTACKS.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  const layers: readonly string[] = [...SANDBOX_LAYERS, ...JUDGE_LAYERS];
  for (const attack of ATTACKS) {
    expect(attack.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect([attack.id, attack.title.length > 5, attack.breach]).toEqual([attack.id, true, expect.stringMatching(/^.{10,}[.]$/)]);
    expect([attack.id, attack.layers.length > 0]).toEqual([attack.id, true]);
    expect([attack.id, attack.layers.filter((layer) => !layers.includes(layer))]).toEqual([attack.id, []]);
  }
});

test('every layer is proven by an attack', () => {
  const proven = new Set<string>(ATTACKS.flatMap((attack) => attack.layers));
  expect([...SANDBOX_LAYERS, ...JUDGE_LAYERS].filter((layer) => !proven.has(layer))).toEqual([]);
});

test('a proof that only some drivers can give names drivers that there are, and why', () => {
  for (const { id, proofOn } of ATTACKS) {
    if (!proofOn) continue;
    expect([id, proofOn.drivers.length > 0 && proofOn.drivers.every((name) => DRIVER_NAMES.includes(name))]).toEqual([id, true]);
    expect(proofOn.why.length).toBeGreaterThan(10);
  }
});

test('docs/SECURITY.md lists exactly these attacks', () => {
  // After a change: npm run attacks -- --write
  expect(attacksListedIn(readFileSync(DOCUMENT, 'utf8'))).toEqual(ATTACKS.map(({ id }) => id));
});

describe('the command', () => {
  test('runs everything unless told otherwise', () => {
    expect(parseCommand([])).toEqual({ groups: ATTACK_GROUPS, drivers: DRIVER_NAMES, json: false, write: false });
  });

  test('runs chosen attacks on chosen drivers', () => {
    const { groups, drivers } = parseCommand(['--only', 'daemon', '--only', 'mount', '--driver', 'bubblewrap', '--json']);
    expect(groups.flatMap(({ attacks }) => attacks.map(({ id }) => id))).toEqual(['mount', 'daemon']);
    expect(drivers).toEqual(['bubblewrap']);
  });

  test.each([
    [['--only', 'nothing'], 'There is no attack "nothing"'],
    [['--driver', 'docker'], 'There is no driver "docker"'],
    [['--write', '--only', 'daemon'], '--write needs a run of all attacks'],
    [['daemon'], 'Unexpected argument'],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
  });

  test('knows no other driver', async () => {
    const runtime = await sharedRuntime();
    expect(() => makeDriver('docker', { workRoot: '/tmp', runtime }, [])).toThrow('There is no driver "docker"');
  });
});
