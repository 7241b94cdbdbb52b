import { isNode, type SyntaxNode, walk } from './syntax-tree';
import type { CheckDefinition, CheckKind } from './task-definition';

/** What can be seen of a function, or of another value with a name, without running it. */
export interface CheckCode {
  /** Whether a status stands in it by which a server refuses or redirects. */
  readonly refuses: boolean;
  /** Names in it, some of which may be those of other functions. */
  readonly uses: ReadonlySet<string>;
}

const REFUSALS = new Set([301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 423, 426, 429]);

/** Everything that has a name at the top of a file, and the functions in its `checks`, by their ids. */
export function functionsIn(body: unknown): ReadonlyMap<string, CheckCode> {
  const found = new Map<string, CheckCode>();
  for (const item of Array.isArray(body) ? body : []) {
    const declaration: unknown = isNode(item) && item.type === 'ExportDeclaration' ? item.declaration : item;
    if (!isNode(declaration)) continue;
    if (declaration.type === 'FunctionDeclaration') found.set(nameOf(declaration.identifier), codeOf(declaration.body));
    if (declaration.type !== 'VariableDeclaration' || !Array.isArray(declaration.declarations)) continue;
    for (const { id, init } of declaration.declarations as readonly SyntaxNode[]) {
      if (nameOf(id) !== 'checks' || !isNode(init) || !Array.isArray(init.properties)) found.set(nameOf(id), codeOf(init));
      else for (const property of init.properties as readonly SyntaxNode[]) found.set(nameOf(property.key), codeOf(property));
    }
  }
  return found;
}

/**
 * Criteria of the API and its security that are measured beyond level 1 by positive checks alone: a project that lets everybody do
 * everything would pass them. In the other areas nobody is refused anything, and broken solutions show that a check can fail.
 *
 * @param functions of all files of hidden checks
 */
export function criteriaWithoutNegative(
  checks: readonly CheckDefinition[],
  functions: readonly ReadonlyMap<string, CheckCode>[],
): readonly string[] {
  const code = merge(functions);
  const measured = new Set(
    checks.filter(({ criterion, level }) => /^[BC]/.test(criterion) && level > 1).map((check) => check.criterion),
  );
  for (const check of checks) if ((check.kind ?? kindOf(check.id, code)) === 'negative') measured.delete(check.criterion);
  return [...measured].sort();
}

function kindOf(id: string, code: ReadonlyMap<string, CheckCode>): CheckKind {
  const seen = new Set<string>();
  const open = [id];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const found = code.get(name);
    if (found?.refuses) return 'negative';
    open.push(...(found?.uses ?? []));
  }
  return 'positive';
}

/** Functions of one name in two files count as one: a warning that is not given is better than a wrong one. */
function merge(functions: readonly ReadonlyMap<string, CheckCode>[]): ReadonlyMap<string, CheckCode> {
  const all = new Map<string, CheckCode>();
  for (const [name, { refuses, uses }] of functions.flatMap((one) => [...one])) {
    const known = all.get(name);
    all.set(name, { refuses: refuses || (known?.refuses ?? false), uses: new Set([...uses, ...(known?.uses ?? [])]) });
  }
  return all;
}

function codeOf(code: unknown): CheckCode {
  const uses = new Set<string>();
  let refuses = false;
  walk(code, (node) => {
    if (node.type === 'Identifier') uses.add(String(node.value));
    if (node.type === 'NumericLiteral' && REFUSALS.has(Number(node.value))) refuses = true;
  });
  return { refuses, uses };
}

function nameOf(node: unknown): string {
  return isNode(node) ? String(node.value) : '';
}
