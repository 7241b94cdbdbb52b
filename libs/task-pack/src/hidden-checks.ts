import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { transformSync } from '@swc/core';
import { inspectHiddenChecks } from './hidden-check-source';
import type { TaskPack } from './load-task-pack';
import { TaskPackError } from './task-pack-error';

/** A check function as it comes out of a pack; only the grader knows what it is called with. */
export type HiddenCheck = (context: never) => Promise<void>;

/**
 * Compiles the pack's hidden checks and runs their module bodies, trusted code of the pack's author. Only the grader does this: the
 * platform never loads it. The code gets no `require`, so a pack needs no build step and can reach nothing but what the grader hands it.
 *
 * Returns check id -> function for exactly the checks of `task.yaml`; throws {@link TaskPackError} when one is missing or left over.
 */
export async function compileHiddenChecks(pack: TaskPack): Promise<ReadonlyMap<string, HiddenCheck>> {
  const functions = new Map<string, HiddenCheck>();
  for (const file of new Set(pack.definition.checks.map((check) => check.file))) {
    const expected = pack.definition.checks.filter((check) => check.file === file).map((check) => check.id);
    const found = await compileFile(pack, file);
    const leftOver = [...found.keys()].find((id) => !expected.includes(id));
    if (leftOver !== undefined)
      throw new TaskPackError(`hidden-checks/${file} has a function "${leftOver}" that task.yaml does not name`);
    for (const id of expected) {
      const check = found.get(id);
      if (!check) throw new TaskPackError(`hidden-checks/${file} has no function "${id}", which task.yaml names`);
      functions.set(id, check);
    }
  }
  return functions;
}

async function compileFile(pack: TaskPack, file: string): Promise<ReadonlyMap<string, HiddenCheck>> {
  const location = path.join(pack.hiddenChecksFolder, file);
  const source = await readFile(location, 'utf8').catch(() => {
    throw new TaskPackError(`hidden-checks/${file} is missing, task.yaml names it`);
  });
  const { runTimeImports } = inspectHiddenChecks(file, source);
  if (runTimeImports.length > 0) {
    throw new TaskPackError(
      `hidden-checks/${file} imports "${runTimeImports[0]}" at run time: use "import type", checks get all they need handed in`,
    );
  }
  const { code } = transformSync(source, {
    filename: location,
    swcrc: false,
    configFile: false,
    sourceMaps: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const exported: Record<string, unknown> = {};
  compileFunction(code, ['exports'], { filename: location })(exported);
  const functions = new Map<string, HiddenCheck>();
  for (const [id, value] of Object.entries(exported.checks ?? {})) {
    if (typeof value !== 'function') throw new TaskPackError(`hidden-checks/${file}: "${id}" is not a function`);
    functions.set(id, value as HiddenCheck);
  }
  return functions;
}
