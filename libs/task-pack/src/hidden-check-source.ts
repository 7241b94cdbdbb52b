import path from 'node:path';
import { type Module, type ModuleItem, parseSync } from '@swc/core';
import { type CheckCode, functionsIn } from './check-kinds';
import { flakyCode } from './flaky-code';
import { isNode, walk } from './syntax-tree';
import { TaskPackError } from './task-pack-error';

/** What one file of `hidden-checks/` says about itself, read from its syntax without running it. */
export interface HiddenCheckModule {
  /** Helper files that it imports: name in the import -> path below `hidden-checks/`. */
  readonly helpers: ReadonlyMap<string, string>;
  /** Other modules that would be loaded at run time: none is allowed. */
  readonly runTimeImports: readonly string[];
  /** What makes a check slow, flaky or reach outside: none is allowed. */
  readonly forbidden: readonly string[];
  /** What its functions do, by name; those of checks by their ids. */
  readonly functions: ReadonlyMap<string, CheckCode>;
}

export interface HiddenCheckSource extends HiddenCheckModule {
  /** Ids of the functions that `checks` holds. */
  readonly ids: readonly string[];
}

/** Reads the syntax of a hidden-checks file. Throws {@link TaskPackError} when it is not TypeScript or exports no literal `checks`. */
export function inspectHiddenChecks(file: string, source: string): HiddenCheckSource {
  const module = parse(file, source);
  return { ...inspect(file, module), ids: exportedIds(file, module) };
}

/** Reads the syntax of a file that hidden checks import. Throws {@link TaskPackError} when it is not TypeScript. */
export function inspectHelper(file: string, source: string): HiddenCheckModule {
  return inspect(file, parse(file, source));
}

function parse(file: string, source: string): Module {
  try {
    return parseSync(source, { syntax: 'typescript', target: 'es2022' });
  } catch (error) {
    throw new TaskPackError(
      `hidden-checks/${file} is not valid TypeScript: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function inspect(file: string, module: Module): HiddenCheckModule {
  const helpers = new Map<string, string>();
  const runTimeImports: string[] = [];
  for (const item of module.body) {
    for (const name of importsOf(item)) {
      const helper = item.type === 'ImportDeclaration' ? helperFile(file, name) : null;
      if (helper === null) runTimeImports.push(name);
      else helpers.set(name, helper);
    }
  }
  walk(module.body, (node) => {
    if (node.type === 'CallExpression' && isNode(node.callee) && node.callee.type === 'Import') runTimeImports.push('import()');
  });
  return { helpers, runTimeImports, forbidden: flakyCode(module.body), functions: functionsIn(module.body) };
}

/** `./support/rows`, imported by `orders.ts`, is `support/rows.ts`; null for what is not below `hidden-checks/`. */
function helperFile(file: string, name: string): string | null {
  if (!/^\.\.?\//.test(name)) return null;
  const helper = path.posix.join(path.posix.dirname(file), `${name}.ts`);
  return helper.startsWith('../') ? null : helper;
}

function importsOf(item: ModuleItem): string[] {
  if (item.type === 'ImportDeclaration') return item.typeOnly ? [] : [item.source.value];
  if (item.type === 'ExportAllDeclaration') return [item.source.value];
  if (item.type === 'ExportNamedDeclaration') {
    const from = item.source?.value;
    return from === undefined || item.typeOnly === true ? [] : [from];
  }
  return [];
}

function exportedIds(file: string, module: Module): string[] {
  for (const item of module.body) {
    if (item.type !== 'ExportDeclaration' || item.declaration.type !== 'VariableDeclaration') continue;
    for (const declarator of item.declaration.declarations) {
      if (declarator.id.type !== 'Identifier' || declarator.id.value !== 'checks') continue;
      if (declarator.init?.type !== 'ObjectExpression') break;
      return declarator.init.properties.map((property) => {
        if (
          (property.type === 'KeyValueProperty' || property.type === 'MethodProperty') &&
          property.key.type === 'StringLiteral'
        ) {
          return property.key.value;
        }
        throw new TaskPackError(`hidden-checks/${file}: every key of "checks" must be a quoted check id`);
      });
    }
  }
  throw new TaskPackError(`hidden-checks/${file} must contain "export const checks: Checks = { ... }"`);
}
