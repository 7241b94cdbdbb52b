import type { CapturedStatement } from '../bound-parameters';
import type { HttpAnswer } from '../check-api';
import type { CheckRecord } from '../check-record';
import { ExpectationFailed } from '../expectations';
import type { JudgeSession } from '../judge-session';
import { COUNT_ROWS } from '../pack-data';
import type { PostgresProxy } from '../postgres-proxy';
import { bareStatement, isTangled, normaliseStatement, typedParameters } from '../statement-text';
import { columnsIn, type PlanTree, planText, readPlan } from './plan-nodes';
import type { CheckPlans, ExplainedAnswer, MissingIndex, PlanNode, StatementPlan, TableScan } from './query-plans-api';
import type { ToolParts } from './tool-parts';

export interface PlanAccess {
  readonly proxy: Pick<PostgresProxy, 'capture'>;
  readonly session: Pick<JudgeSession, 'query' | 'readOnly'>;
}

/** Planning runs functions of the submission that it calls stable or immutable. */
const PLANNING_MS = 3_000;
/** A server-side cursor, as Django's `iterator()` opens one, is planned like its query. */
const CURSOR = /^\s*DECLARE\s+("[^"]*"|\w+)\s[\s\w]*?\bCURSOR\b[\s\w]*?\bFOR\s+/i;
/** Characters in which a DECLARE must have come to its query. */
const MAX_CURSOR = 400;
const EXPLAINABLE = /^\(*(SELECT|WITH|VALUES|INSERT|UPDATE|DELETE)\b/;
/** Fetching from a cursor whose query was seen. */
const FETCH = /^(FETCH|CLOSE|MOVE)\b/;

/** Of the submission's own. Who has more gets no plan read. */
const MAX_FUNCTIONS = 200;
/** Functions and operators of the submission itself, whose work EXPLAIN does not show. */
const OWN_FUNCTIONS = `SELECT DISTINCT pg_catalog.upper(p.proname) AS name FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_language l ON l.oid OPERATOR(pg_catalog.=) p.prolang
  WHERE l.lanname OPERATOR(pg_catalog.<>) ALL (ARRAY['internal', 'c']::pg_catalog.name[])
    AND p.pronamespace OPERATOR(pg_catalog.<>) ALL
      (ARRAY['pg_catalog'::pg_catalog.regnamespace, 'information_schema'::pg_catalog.regnamespace]::pg_catalog.oid[])
  UNION SELECT o.oprname FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) o.oprcode
  JOIN pg_catalog.pg_language l ON l.oid OPERATOR(pg_catalog.=) p.prolang
  WHERE l.lanname OPERATOR(pg_catalog.<>) ALL (ARRAY['internal', 'c']::pg_catalog.name[])
    AND p.pronamespace OPERATOR(pg_catalog.<>) 'pg_catalog'::pg_catalog.regnamespace::pg_catalog.oid
  LIMIT 201`;
const TYPE_NAME = 'SELECT pg_catalog.format_type($1::pg_catalog.oid, NULL) AS name';
const TABLE_ROWS = `SELECT c.reltuples::pg_catalog.float8 AS rows FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
  WHERE n.nspname OPERATOR(pg_catalog.=) $1::pg_catalog.name AND c.relname OPERATOR(pg_catalog.=) $2::pg_catalog.name`;

/** Plans of what requests really sent. */
export function createPlans(access: () => PlanAccess, { conversations, record, guard }: ToolParts): CheckPlans {
  return {
    async of(ask) {
      guard();
      const { proxy, session } = access();
      const { value: answer, statements } = await proxy.capture(ask);
      return conversations.during(() => new Explanation(session, record).explain(answer, statements));
    },
  };
}

class Explanation {
  private readonly rows = new Map<string, number>();
  private readonly plans: StatementPlan[] = [];
  private readonly unread: string[] = [];
  private functions: readonly string[] = [];

  constructor(
    private readonly session: PlanAccess['session'],
    private readonly record: Pick<CheckRecord, 'addRecord'>,
  ) {}

  async explain(answer: HttpAnswer, captured: readonly CapturedStatement[]): Promise<ExplainedAnswer> {
    await this.session.query(COUNT_ROWS);
    this.functions = (await this.session.query(OWN_FUNCTIONS)).map(({ name }) => String(name));
    for (const statement of captured) await this.add(statement);
    if (this.unread.length > 0) this.record.addRecord('query-plan', 'statements without a plan', this.unread.join('\n'));
    return explained(answer, this.plans, this.unread);
  }

  private async add(captured: CapturedStatement): Promise<void> {
    const isReadable = captured.isWhole && !isTangled(captured.text);
    const bare = isReadable ? bareStatement(captured.text) : '';
    if (FETCH.test(bare)) return;
    const cursor = isReadable ? CURSOR.exec(captured.text.slice(0, MAX_CURSOR)) : null;
    const text = isReadable ? captured.text.slice(cursor?.[0].length ?? 0) : '';
    const statement = normaliseStatement(text) || 'a statement whose text is not known';
    const plans = EXPLAINABLE.test(bareStatement(text)) ? await this.plansOf(text, captured, bare) : null;
    if (plans === null) {
      if (!this.unread.includes(statement)) this.unread.push(statement);
      return;
    }
    // The same statement with other values, planned in the same way, tells nothing new.
    if (this.plans.some((known) => known.statement === statement && planText(known.custom) === planText(plans.custom))) return;
    this.plans.push({ statement, ...plans });
    const generic = plans.generic && planText(plans.generic) !== planText(plans.custom) ? planText(plans.generic) : null;
    this.record.addRecord(
      'query-plan',
      statement.slice(0, 200),
      generic === null ? planText(plans.custom) : `${planText(plans.custom)}\nfor any values:\n${generic}`,
    );
  }

  private async plansOf(
    text: string,
    { bound }: CapturedStatement,
    bare: string,
  ): Promise<Pick<StatementPlan, 'custom' | 'generic'> | null> {
    if (this.callsOwn(bare)) return null;
    try {
      const typed = bound ? typedParameters(text, await this.typeNames(bound.types)) : text;
      const custom = await this.plan('', typed, bound?.values ?? []);
      const generic = bound ? await this.plan('GENERIC_PLAN, ', typed, null) : null;
      if (custom.functions.length > 0 || this.callsOwn(custom.text.toUpperCase())) return null;
      return { custom: await this.withRows(custom), generic: generic && (await this.withRows(generic)) };
    } catch (error) {
      if (error instanceof ExpectationFailed) return null;
      throw error;
    }
  }

  /** @param sql in upper case */
  private callsOwn(sql: string): boolean {
    if (this.functions.length > MAX_FUNCTIONS) return true;
    return this.functions.some((name) => {
      const escaped = name.replace(/\W/g, '\\$&');
      return new RegExp(/^\w/.test(name) ? `\\b${escaped}"?\\s*\\(` : escaped).test(sql);
    });
  }

  private async plan(options: string, text: string, values: readonly (string | Buffer | null)[] | null): Promise<PlanTree> {
    const [row] = await this.session.readOnly(`EXPLAIN (${options}FORMAT JSON, COSTS OFF, VERBOSE) ${text}`, {
      parameters: values,
      timeoutMs: PLANNING_MS,
    });
    return readPlan(row?.['QUERY PLAN']);
  }

  private async typeNames(types: readonly number[]): Promise<(string | null)[]> {
    const names: (string | null)[] = [];
    for (const type of types) {
      const [row] = type === 0 ? [] : await this.session.query(TYPE_NAME, [type]);
      names.push(typeof row?.name === 'string' ? row.name : null);
    }
    return names;
  }

  private async withRows({ nodes }: PlanTree): Promise<PlanNode[]> {
    const known: PlanNode[] = [];
    for (const { schema, ...node } of nodes) {
      known.push({ ...node, tableRows: node.table === null ? null : await this.rowsOf(schema ?? 'public', node.table) });
    }
    return known;
  }

  private async rowsOf(schema: string, table: string): Promise<number> {
    const key = JSON.stringify([schema, table]);
    const rows = this.rows.get(key) ?? Number((await this.session.query(TABLE_ROWS, [schema, table]))[0]?.rows ?? 0);
    this.rows.set(key, rows);
    return rows;
  }
}

function explained(answer: HttpAnswer, statements: readonly StatementPlan[], unread: readonly string[]): ExplainedAnswer {
  /** Nodes of all plans, a generic one counting like a custom one: the server may use either. */
  const nodes = (): (PlanNode & { statement: string })[] => {
    if (unread.length > 0) throw new ExpectationFailed(`no plan shows the work of "${unread[0]}"`);
    return statements.flatMap(({ statement, custom, generic }) =>
      [...custom, ...(generic ?? [])].map((node) => ({ ...node, statement })),
    );
  };
  const scans = (atLeastRows: number): (PlanNode & { statement: string })[] =>
    nodes().filter(
      ({ type, tableRows }) => /^(Parallel )?Seq Scan$/.test(type) && tableRows !== null && tableRows >= atLeastRows,
    );
  return {
    answer,
    statements,
    unread,
    sequentialScans: (atLeastRows) =>
      once(
        scans(atLeastRows).map(
          ({ table, tableRows, statement }): TableScan => ({ table: table ?? '', rows: tableRows ?? 0, statement }),
        ),
      ),
    indexesUsed: (table) => {
      const all = nodes();
      // A bitmap's index stands in the node below the one that names the table.
      const names = all.flatMap((node, place) => (node.index !== null && tableOf(all, place) === table ? [node.index] : []));
      return [...new Set(names)].sort();
    },
    missingIndexes: (atLeastRows) =>
      once(scans(atLeastRows).map(({ table, details }): MissingIndex => ({ table: table ?? '', columns: columnsIn(details) }))),
  };
}

function tableOf(nodes: readonly PlanNode[], place: number): string | null {
  for (let index = place; index >= 0; index -= 1) {
    const node = nodes[index];
    if (node?.table != null) return node.table;
    if (node?.depth === 0) return null;
  }
  return null;
}

function once<T>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = JSON.stringify(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
