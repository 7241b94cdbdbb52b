import { isNode, propertyName, type SyntaxNode, walk } from './syntax-tree';

/**
 * Names that no check may use, however it came by them: they wait, read a clock, are random, depend on the collector of garbage, make code
 * from text or reach outside.
 */
const FORBIDDEN_NAMES = new Set([
  'AbortSignal',
  'Atomics',
  'BroadcastChannel',
  'EventSource',
  'FinalizationRegistry',
  'Function',
  'MessageChannel',
  'SharedArrayBuffer',
  'Temporal',
  'WeakRef',
  'WebAssembly',
  'WebSocket',
  'Worker',
  'XMLHttpRequest',
  'console',
  'crypto',
  'eval',
  'fetch',
  'global',
  'globalThis',
  'performance',
  'process',
  'require',
  'scheduler',
  'self',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'window',
]);

/** Names that may be used for these members only; anything else done with them could be a way to the others. */
const PARTLY_ALLOWED: Readonly<Record<string, (member: string) => boolean>> = {
  Date: (member) => member === 'UTC' || member === 'parse' || member === 'prototype',
  Math: (member) => member !== 'random',
  Intl: (member) => member !== 'DateTimeFormat',
};

/** What in the code of a hidden-checks file makes a check slow, flaky or reach outside; sorted, empty when nothing does. */
export function flakyCode(code: unknown): readonly string[] {
  const found = new Set<string>();
  walk(code, (node) => {
    const name = flakyIn(node);
    if (name !== null) found.add(name);
    // What is allowed, or already named, is not looked at again as a bare name.
    return name === null && !isAllowedUse(node) ? undefined : walkRest(node, found);
  });
  return [...found].sort();
}

/** Goes on below a node whose own name is dealt with. */
function walkRest(node: SyntaxNode, found: Set<string>): false {
  const rest = node.type === 'NewExpression' ? node.arguments : node.type === 'BinaryExpression' ? node.left : computedPart(node);
  for (const name of flakyCode(rest)) found.add(name);
  return false;
}

function computedPart(node: SyntaxNode): unknown {
  return isNode(node.property) && node.property.type === 'Computed' ? node.property.expression : null;
}

function flakyIn(node: SyntaxNode): string | null {
  if (node.type === 'Identifier') {
    const name = String(node.value);
    if (FORBIDDEN_NAMES.has(name)) return name;
    return Object.hasOwn(PARTLY_ALLOWED, name) ? `${name} as a value` : null;
  }
  if (node.type === 'MemberExpression') return flakyMember(node);
  if (node.type === 'NewExpression' && isNamed(node.callee, 'Date') && !hasFirstArgument(node.arguments)) return 'new Date()';
  if (isEndlessLoop(node) && waits(node.body)) return 'an endless loop that waits';
  return null;
}

function flakyMember(node: SyntaxNode): string | null {
  const member = propertyName(node);
  if (member === 'constructor') return 'constructor';
  const allowed = ownerOf(node);
  if (allowed === null) return null;
  const [owner, isAllowed] = allowed;
  if (member === null) return `${owner}[...]`;
  return isAllowed(member) ? null : `${owner}.${member}`;
}

function ownerOf({ object }: SyntaxNode): [string, (member: string) => boolean] | null {
  if (!isNode(object) || object.type !== 'Identifier') return null;
  const name = String(object.value);
  const isAllowed = Object.hasOwn(PARTLY_ALLOWED, name) ? PARTLY_ALLOWED[name] : undefined;
  return isAllowed ? [name, isAllowed] : null;
}

/** `Math.max`, `new Date('2026-01-01')` and `value instanceof Date`: the name in it is no use of its own. */
function isAllowedUse(node: SyntaxNode): boolean {
  if (node.type === 'MemberExpression') return ownerOf(node) !== null;
  if (node.type === 'NewExpression') return isNamed(node.callee, 'Date');
  return node.type === 'BinaryExpression' && node.operator === 'instanceof' && isNamed(node.right, 'Date');
}

function isNamed(node: unknown, name: string): boolean {
  return isNode(node) && node.type === 'Identifier' && node.value === name;
}

function hasFirstArgument(given: unknown): boolean {
  const [first] = Array.isArray(given) ? given : [];
  return typeof first === 'object' && first !== null && !('spread' in first && first.spread);
}

/** A loop whose condition never ends it. How often it goes round is for others to say: the project, or luck. */
function isEndlessLoop(node: SyntaxNode): boolean {
  if (node.type === 'ForStatement') return !isNode(node.test) || isAlwaysTrue(node.test);
  return (node.type === 'WhileStatement' || node.type === 'DoWhileStatement') && isAlwaysTrue(node.test);
}

function isAlwaysTrue(test: unknown): boolean {
  if (!isNode(test)) return false;
  if (test.type === 'ParenthesisExpression') return isAlwaysTrue(test.expression);
  if (test.type === 'UnaryExpression') return test.operator === '!' && isAlwaysFalse(test.argument);
  const isLiteral = test.type === 'BooleanLiteral' || test.type === 'NumericLiteral' || test.type === 'StringLiteral';
  return isLiteral && Boolean(test.value);
}

function isAlwaysFalse(value: unknown): boolean {
  return isNode(value) && /^(Boolean|Numeric|String)Literal$/.test(value.type) && !value.value;
}

function waits(body: unknown): boolean {
  let found = false;
  walk(body, (node) => {
    if (node.type === 'AwaitExpression') found = true;
    return !found;
  });
  return found;
}
