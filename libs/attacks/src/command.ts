import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { findCgroups } from '@assay/sandbox/cgroup/find-cgroups';
import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { AttackGroup } from './attack';
import { ATTACK_GROUPS } from './catalogue';
import { DRIVER_NAMES } from './drivers';
import { withMatrix } from './matrix';
import type { AttackReport } from './results';
import { runAttacks } from './run-attacks';

export interface CommandOptions {
  readonly groups: readonly AttackGroup[];
  readonly drivers: readonly string[];
  readonly json: boolean;
  readonly write: boolean;
}

/**
 * @param args as typed: `--only ID` and `--driver NAME` (both may be repeated), `--json`, `--write`
 * @throws Error that says what is wrong with them
 */
export function parseCommand(args: readonly string[]): CommandOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      driver: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const ids = ATTACK_GROUPS.flatMap(({ attacks }) => attacks.map(({ id }) => id));
  const unknown = values.only.find((id) => !ids.includes(id));
  if (unknown !== undefined) throw new Error(`There is no attack "${unknown}". docs/SECURITY.md lists all of them.`);
  const missing = values.driver.find((name) => !DRIVER_NAMES.includes(name));
  if (missing !== undefined) throw new Error(`There is no driver "${missing}". There are ${DRIVER_NAMES.join(', ')}.`);
  const isWhole = values.only.length === 0 && values.driver.length === 0;
  if (values.write && !isWhole)
    throw new Error('--write needs a run of all attacks on all drivers: leave out --only and --driver.');
  const isWanted = (id: string): boolean => values.only.length === 0 || values.only.includes(id);
  return {
    groups: ATTACK_GROUPS.map(({ title, attacks }) => ({ title, attacks: attacks.filter(({ id }) => isWanted(id)) })),
    drivers: values.driver.length === 0 ? DRIVER_NAMES : [...new Set(values.driver)],
    json: values.json,
    write: values.write,
  };
}

/**
 * Runs what was asked for; with `write`, puts the matrix into the document.
 * @param document path of docs/SECURITY.md
 */
export async function runCommand(
  options: CommandOptions,
  input: {
    readonly runtime: PythonRuntime;
    readonly document: string;
    readonly onProgress: (line: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<AttackReport> {
  const { groups, drivers } = options;
  const { runtime, document, onProgress, signal } = input;
  const report = await runAttacks({ attacks: groups.flatMap(({ attacks }) => attacks), drivers, runtime, onProgress, signal });
  if (options.write) await writeFile(document, withMatrix(await readFile(document, 'utf8'), groups, report, await machine()));
  return report;
}

/** Nothing got through, and everything could have. */
export function isPassed({ cases, breaches, proven }: AttackReport): boolean {
  return cases > 0 && breaches === 0 && proven === cases;
}

async function machine(): Promise<string> {
  const { parents } = await findCgroups();
  const user = process.getuid?.() === 0 ? 'root' : 'an ordinary user';
  return `Linux ${os.release()}, ${os.arch()}, ${parents ? `cgroup v${parents.version}` : 'no writable cgroup'}, Node ${process.version}, as ${user}`;
}
