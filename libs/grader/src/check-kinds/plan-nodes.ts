import { normaliseStatement } from '../statement-text';
import type { PlanNode } from './query-plans-api';

/** What `EXPLAIN (FORMAT JSON, VERBOSE)` tells of a node besides numbers, and is of use to a reader. */
const DETAILS = ['Index Cond', 'Recheck Cond', 'Filter', 'Hash Cond', 'Merge Cond', 'Join Filter', 'Sort Key', 'Group Key'];
const MAX_NODES = 200;

/** A table as a plan names it. */
export interface PlannedTable {
  readonly schema: string;
  readonly name: string;
}

/** A plan before the rows of its tables are known. */
export interface PlanTree {
  readonly nodes: readonly (Omit<PlanNode, 'tableRows'> & { readonly schema: string | null })[];
  /** Functions that rows are read from, those of PostgreSQL left out. */
  readonly functions: readonly string[];
  /** All that EXPLAIN said. */
  readonly text: string;
}

/** Reads the answer of EXPLAIN in JSON; what is not of that form is left out. */
export function readPlan(answer: unknown): PlanTree {
  const nodes: (Omit<PlanNode, 'tableRows'> & { schema: string | null })[] = [];
  const functions: string[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (!isObject(value) || nodes.length >= MAX_NODES) return;
    const text = (key: string): string | null => (typeof value[key] === 'string' ? value[key] : null);
    const called = text('Function Name');
    if (called !== null && text('Schema') !== 'pg_catalog') functions.push(called);
    const index = text('Index Name');
    nodes.push({
      type: nodeType(text('Node Type') ?? '?', text('Scan Direction'), text('Join Type')),
      depth,
      schema: text('Schema'),
      table: text('Relation Name'),
      index,
      details: DETAILS.flatMap((key) => detail(key, value[key])),
    });
    for (const child of Array.isArray(value.Plans) ? value.Plans : []) visit(child, depth + 1);
  };
  const [top] = Array.isArray(answer) ? answer : [];
  if (isObject(top)) visit(top.Plan, 0);
  return { nodes, functions, text: JSON.stringify(answer) ?? '' };
}

/** A plan as text, one node a line. */
export function planText(nodes: readonly PlanNode[]): string {
  return nodes
    .map(({ type, depth, table, index, details }) => {
      const on = table === null ? '' : ` on ${table}`;
      const by = index === null ? '' : ` by ${index}`;
      return `${'  '.repeat(depth)}${type}${on}${by}${details.map((text) => ` [${text}]`).join('')}`;
    })
    .join('\n');
}

/** Names of the columns in the filter of a node, sorted. With VERBOSE each stands behind the name of its table. */
export function columnsIn(details: readonly string[]): string[] {
  const filters = details.filter((text) => text.startsWith('Filter: ')).join(' ');
  const names = [...filters.matchAll(/(?<![\w."])(?:\w+|"[^"]+")\.(\w+|"[^"]+")(?!\s*\()/g)];
  return [...new Set(names.map(([, name = '']) => name.replaceAll('"', '')))].sort();
}

function nodeType(type: string, direction: string | null, join: string | null): string {
  const joined = join !== null && join !== 'Inner' ? `${join} ${type}` : type;
  return direction === 'Backward' ? `${joined} Backward` : joined;
}

function detail(key: string, value: unknown): string[] {
  const text = Array.isArray(value) ? value.join(', ') : value;
  return typeof text === 'string' ? [`${key}: ${normaliseStatement(text)}`] : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
