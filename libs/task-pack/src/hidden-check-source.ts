import path from 'node:path';
import { type Module, type ModuleItem, parseSync } from '@swc/core';
import { TaskPackError } from './task-pack-error';

/** What one file of `hidden-checks/` says about itself, read from its syntax without running it. */
export interface HiddenCheckModule {
  /** Helper files that it imports: name in the import -> path below `hidden-checks/`. */
  readonly helpers: ReadonlyMap<string, string>;
  /** Other modules that would be loaded at run time: none is allowed. */
  readonly runTimeImports: readonly string[];
  /** What makes a check slow, flaky or reach outside: none is allowed. */
  readonly forbidden: readonly string[];
}

export interface HiddenCheckSource extends HiddenCheckModule {
  /** Ids of the functions that `checks` holds. */
  readonly ids: readonly string[];
}

const FORBIDDEN_NAMES = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'process',
  'fetch',
  'eval',
  'Function',
  'globalThis',
  'require',
]);
const FORBIDDEN_MEMBERS = new Set(['Date.now', 'Math.random', 'crypto.randomUUID', 'crypto.getRandomValues']);

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
  const forbidden = new Set<string>();
  visit(module.body, (node) => {
    const name = forbiddenIn(node);
    if (name === 'import()') runTimeImports.push('import()');
    else if (name) forbidden.add(name);
  });
  return { helpers, runTimeImports, forbidden: [...forbidden].sort() };
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

interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function visit(value: unknown, see: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see);
  } else if (typeof value === 'object' && value !== null) {
    if (isNode(value)) {
      see(value);
      // `user.process` and `{ process: 1 }` name a property, not the global.
      if (value.type === 'MemberExpression' && isNode(value.property) && value.property.type === 'Identifier') {
        visit(value.object, see);
        return;
      }
      if (value.type === 'KeyValueProperty') {
        visit(value.value, see);
        return;
      }
    }
    for (const child of Object.values(value)) visit(child, see);
  }
}

function forbiddenIn(node: SyntaxNode): string | undefined {
  if (node.type === 'Identifier' && typeof node.value === 'string' && FORBIDDEN_NAMES.has(node.value)) return node.value;
  if (node.type === 'MemberExpression' && isNode(node.object) && isNode(node.property)) {
    const name = `${String(node.object.value)}.${String(node.property.value)}`;
    if (FORBIDDEN_MEMBERS.has(name)) return name;
  }
  if (node.type === 'NewExpression' && isNode(node.callee) && node.callee.value === 'Date') {
    if (!Array.isArray(node.arguments) || node.arguments.length === 0) return 'new Date()';
  }
  if (node.type === 'CallExpression' && isNode(node.callee) && node.callee.type === 'Import') return 'import()';
  return undefined;
}
