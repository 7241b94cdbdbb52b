import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { transformSync } from '@swc/core';
import { inspectHelper, inspectHiddenChecks } from './hidden-check-source';
import type { TaskPack } from './load-task-pack';
import { TaskPackError } from './task-pack-error';

/** One file of hidden checks as JavaScript, not run yet: only a process that holds nothing worth having may do that. */
export interface CompiledCheckFile {
  /** Path within the pack, for example `hidden-checks/orders.ts`. */
  readonly file: string;
  /** Body of a function of `exports`, which it gives `checks`, an object from check id to function. There is no `require`. */
  readonly code: string;
}

/**
 * Compiles the pack's hidden checks and runs nothing of them. Only the grader does this: the platform never loads it. The code can
 * import helpers, other files of `hidden-checks/`, which become part of it, and nothing else: a pack needs no build step and can reach
 * nothing but what the grader hands it.
 *
 * Returns the files that `task.yaml` names, with exactly its checks; throws {@link TaskPackError} when one is missing or left over.
 */
export async function compileHiddenChecks(pack: TaskPack): Promise<readonly CompiledCheckFile[]> {
  const compiled: CompiledCheckFile[] = [];
  for (const file of new Set(pack.definition.checks.map((check) => check.file))) {
    const source = await readSource(pack, file, 'task.yaml');
    const inspected = inspectHiddenChecks(file, source);
    const expected = pack.definition.checks.filter((check) => check.file === file).map((check) => check.id);
    const leftOver = inspected.ids.find((id) => !expected.includes(id));
    if (leftOver !== undefined)
      throw new TaskPackError(`hidden-checks/${file} has a function "${leftOver}" that task.yaml does not name`);
    const missing = expected.find((id) => !inspected.ids.includes(id));
    if (missing !== undefined)
      throw new TaskPackError(`hidden-checks/${file} has no function "${missing}", which task.yaml names`);
    compiled.push({ file: `hidden-checks/${file}`, code: await new Bundle(pack).of(file, source, inspected) });
  }
  return compiled;
}

type Imports = Pick<ReturnType<typeof inspectHelper>, 'helpers' | 'runTimeImports'>;

/** One file and its helpers as one text, each helper before whatever imports it. */
class Bundle {
  private readonly helpers = new Map<string, string>();

  constructor(private readonly pack: TaskPack) {}

  async of(file: string, source: string, imports: Imports): Promise<string> {
    const main = await this.compile(file, source, imports, []);
    if (this.helpers.size === 0) return main;
    const helpers = [...this.helpers].map(([helper, code]) => scope(`helpers[${JSON.stringify(helper)}] = {}`, code, helper));
    return ['const helpers = {};', ...helpers, scope('exports', main, file)].join('\n');
  }

  private async compile(file: string, source: string, imports: Imports, importers: readonly string[]): Promise<string> {
    const foreign = imports.runTimeImports[0];
    if (foreign !== undefined) {
      throw new TaskPackError(
        `hidden-checks/${file} imports "${foreign}" at run time: use "import type", or import a file of hidden-checks/`,
      );
    }
    for (const helper of imports.helpers.values()) await this.addHelper(helper, [...importers, file]);
    const { code } = transformSync(source, {
      filename: path.join(this.pack.hiddenChecksFolder, file),
      swcrc: false,
      configFile: false,
      sourceMaps: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    if (imports.helpers.size === 0) return code;
    const names = JSON.stringify(Object.fromEntries(imports.helpers));
    return `const require = (name) => helpers[${names}[name]];\n${code}`;
  }

  /** @param importers the files whose import led here, the outermost first */
  private async addHelper(file: string, importers: readonly string[]): Promise<void> {
    const importer = importers.at(-1) ?? '';
    if (importers.includes(file)) throw new TaskPackError(`hidden-checks/${importer} imports ${file}, which imports it`);
    if (this.helpers.has(file)) return;
    const source = await readSource(this.pack, file, importer);
    this.helpers.set(file, await this.compile(file, source, inspectHelper(file, source), importers));
  }
}

function scope(exported: string, code: string, file: string): string {
  return `// ${JSON.stringify(file)}\n((exports) => {\n${code}\n})(${exported});`;
}

function readSource(pack: TaskPack, file: string, namedBy: string): Promise<string> {
  return readFile(path.join(pack.hiddenChecksFolder, file), 'utf8').catch(() => {
    throw new TaskPackError(`hidden-checks/${file} is missing, ${namedBy} names it`);
  });
}
