/** A node of the syntax tree of a TypeScript file, as far as a walk needs to know it. */
export interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Of the nodes that TypeScript adds to JavaScript, those which hold code; all others are types. */
const WITH_CODE = new Set([
  'TsAsExpression',
  'TsConstAssertion',
  'TsEnumDeclaration',
  'TsEnumMember',
  'TsExportAssignment',
  'TsInstantiation',
  'TsModuleBlock',
  'TsModuleDeclaration',
  'TsNamespaceDeclaration',
  'TsNonNullExpression',
  'TsParameterProperty',
  'TsSatisfiesExpression',
  'TsTypeAssertion',
]);

/**
 * Shows `see` every node of the code below `value`, each before what it holds: no types, and no names that only name a property
 * (`user.process`, `{ process: 1 }`). `see` returns false to be shown nothing of what the node holds.
 */
export function walk(value: unknown, see: (node: SyntaxNode) => unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, see);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (!isNode(value)) {
    for (const child of Object.values(value)) walk(child, see);
    return;
  }
  if (value.type.startsWith('Ts') && !WITH_CODE.has(value.type)) return;
  if (see(value) === false) return;
  for (const child of codeIn(value)) walk(child, see);
}

function codeIn(node: SyntaxNode): unknown[] {
  const { key, property, ...rest } = node;
  if (node.type === 'MemberExpression') return [node.object, ...computed(property)];
  return [...computed(key), ...(property === undefined ? [] : [property]), ...Object.values(rest)];
}

function computed(name: unknown): unknown[] {
  return isNode(name) && name.type === 'Computed' ? [name.expression] : [];
}

/** The name of the property that a member expression reads, written plainly or as a literal in brackets; null when it is computed. */
export function propertyName(node: SyntaxNode): string | null {
  const { property } = node;
  if (!isNode(property)) return null;
  if (property.type === 'Identifier') return String(property.value);
  const inner = property.type === 'Computed' ? property.expression : null;
  if (!isNode(inner)) return null;
  if (inner.type === 'StringLiteral') return String(inner.value);
  const quasis =
    inner.type === 'TemplateLiteral' && Array.isArray(inner.expressions) && inner.expressions.length === 0 ? inner.quasis : null;
  const [quasi] = Array.isArray(quasis) ? quasis : [];
  return isNode(quasi) ? String(quasi.cooked) : null;
}
