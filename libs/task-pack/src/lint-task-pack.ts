import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { criteriaWithoutNegative } from './check-kinds';
import { type HiddenCheckModule, inspectHelper, inspectHiddenChecks } from './hidden-check-source';
import { loadTaskPack, type PackSolution, type TaskPack } from './load-task-pack';
import { parseDeleteList } from './solution-overlay';
import { TaskPackError } from './task-pack-error';

export interface LintResult {
  /** The pack must not be used. */
  readonly errors: readonly string[];
  /** The pack can be used and could be better. */
  readonly warnings: readonly string[];
}

/** Judges a pack as its author would want to hear it, without running anything of it. */
export async function lintTaskPack(folder: string): Promise<LintResult> {
  let pack: TaskPack;
  try {
    pack = await loadTaskPack(folder);
  } catch (error) {
    if (error instanceof TaskPackError) return { errors: [error.message], warnings: [] };
    throw error;
  }
  const hidden = await inspectHidden(pack);
  const errors = [
    ...duplicateIds(pack),
    ...hidden.problems,
    ...missingData(pack),
    ...(await leaks(pack)),
    ...solutions(pack).flatMap((solution) => unknownExpectations(pack, solution)),
    ...(await pointlessDeletes(pack)),
  ];
  return { errors, warnings: [...uncoveredChecks(pack), ...unpairedCriteria(pack, hidden.functions), ...missingParts(pack)] };
}

function solutions(pack: TaskPack): readonly PackSolution[] {
  return [...pack.broken, ...pack.attacks];
}

function duplicateIds(pack: TaskPack): string[] {
  const ids = pack.definition.checks.map((check) => check.id);
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))].map(
    (id) => `task.yaml: the check "${id}" is there twice`,
  );
}

interface HiddenCode {
  readonly problems: readonly string[];
  readonly functions: readonly HiddenCheckModule['functions'][];
}

async function inspectHidden(pack: TaskPack): Promise<HiddenCode> {
  const problems: string[] = [];
  const functions: HiddenCheckModule['functions'][] = [];
  const named = new Set(pack.definition.checks.map((check) => check.file));
  // Grows by the helpers of the files that it holds while it is gone through.
  const reached = new Set(named);
  for (const file of reached) {
    const text = await readFile(path.join(pack.hiddenChecksFolder, file), 'utf8').catch(() => null);
    if (text === null) {
      problems.push(`hidden-checks/${file} is missing, ${named.has(file) ? 'task.yaml names' : 'another file imports'} it`);
      continue;
    }
    try {
      const ids = pack.definition.checks.filter((check) => check.file === file).map((check) => check.id);
      const source = named.has(file) ? inspectHiddenChecks(file, text) : { ...inspectHelper(file, text), ids };
      for (const helper of source.helpers.values()) reached.add(helper);
      functions.push(source.functions);
      problems.push(...idProblems(file, ids, source.ids), ...codeProblems(file, source));
    } catch (error) {
      if (!(error instanceof TaskPackError)) throw error;
      problems.push(error.message);
    }
  }
  const unused = filesBelow(pack, 'hidden-checks').filter((file) => !reached.has(file));
  return {
    problems: [...unused.map((file) => `hidden-checks/${file} is not named by any check of task.yaml`), ...problems],
    functions,
  };
}

function idProblems(file: string, expected: readonly string[], found: readonly string[]): string[] {
  return [
    ...expected
      .filter((id) => !found.includes(id))
      .map((id) => `hidden-checks/${file} has no function "${id}", which task.yaml names`),
    ...found
      .filter((id) => !expected.includes(id))
      .map((id) => `hidden-checks/${file}: the function "${id}" is not in task.yaml`),
  ];
}

function codeProblems(file: string, source: HiddenCheckModule): string[] {
  return [
    ...source.runTimeImports.map(
      (name) => `hidden-checks/${file} imports "${name}" at run time: only "import type" and files of hidden-checks/ are allowed`,
    ),
    ...source.forbidden.map(
      (name) => `hidden-checks/${file} uses ${name}: a check must not wait, read the clock, be random or reach outside`,
    ),
  ];
}

function missingData(pack: TaskPack): string[] {
  return pack.definition.database.seed
    .filter((file) => !pack.files.includes(`data/${file}`))
    .map((file) => `data/${file} is missing, task.yaml loads it as seed`);
}

/** What the candidate receives must hold no hidden file, word for word. */
async function leaks(pack: TaskPack): Promise<string[]> {
  const problems: string[] = [];
  const received = [
    ...filesBelow(pack, 'starter').map((file) => `starter/${file}`),
    ...filesBelow(pack, 'visible-checks').map((file) => `visible-checks/${file}`),
  ];
  for (const file of received) {
    if (/(^|\/)(hidden-checks|reference|broken|attacks)\//.test(file))
      problems.push(`${file} would hand hidden material to the candidate`);
  }
  const hidden = pack.definition.checks.map((check) => check.id);
  for (const check of pack.definition.checks) {
    const text = [check.title, check.passed, check.failed].join('\n');
    const id = hidden.find((name) => text.includes(name));
    if (id !== undefined) problems.push(`task.yaml: what candidates read of "${check.id}" names the hidden check "${id}"`);
  }
  for (const file of ['prompt.md', ...received]) {
    const text = await readFile(path.join(pack.folder, file), 'utf8');
    const id = hidden.find((name) => text.includes(name));
    if (id !== undefined) problems.push(`${file} names the hidden check "${id}"`);
  }
  return problems;
}

function unknownExpectations(pack: TaskPack, solution: PackSolution): string[] {
  const known = new Set(pack.definition.checks.map((check) => check.id));
  return solution.expectation.failed
    .filter((id) => !known.has(id))
    .map((id) => `${solution.name}/expect.json names "${id}", which is no check`);
}

async function pointlessDeletes(pack: TaskPack): Promise<string[]> {
  const problems: string[] = [];
  for (const solution of [pack.reference, ...solutions(pack)]) {
    const text = await readFile(path.join(solution.folder, 'delete.txt'), 'utf8').catch(() => '');
    for (const name of parseDeleteList(text)) {
      const exists = pack.files.some(
        (file) => file === `starter/${name}` || file.startsWith(`starter/${name.replace(/\/$/, '')}/`),
      );
      if (!exists) problems.push(`${solution.name}/delete.txt names "${name}", which the starter does not have`);
    }
  }
  return problems;
}

function uncoveredChecks(pack: TaskPack): string[] {
  const failing = new Set(solutions(pack).flatMap((solution) => solution.expectation.failed));
  return pack.definition.checks
    .filter((check) => !failing.has(check.id))
    .map((check) => `no broken solution fails the check "${check.id}": nothing shows that it can fail`);
}

function unpairedCriteria(pack: TaskPack, functions: HiddenCode['functions']): string[] {
  return criteriaWithoutNegative(pack.definition.checks, functions).map(
    (criterion) =>
      `no check of ${criterion} expects anything to be refused: a project that lets everybody do everything would pass (say "kind: negative" of one that does in another way)`,
  );
}

function missingParts(pack: TaskPack): string[] {
  const warnings: string[] = [];
  if (filesBelow(pack, 'reference').length === 0)
    warnings.push('there is no reference solution: nothing shows that every check can pass');
  if (filesBelow(pack, 'visible-checks').length === 0)
    warnings.push('there are no visible checks: the candidate cannot try anything before submitting');
  return warnings;
}

function filesBelow(pack: TaskPack, folder: string): string[] {
  return pack.files.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1));
}
