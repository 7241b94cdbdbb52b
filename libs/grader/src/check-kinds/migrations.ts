import type { CheckRecord } from '../check-record';
import type { CompanionDesk, HeldCompanion } from '../companions/companion-desk';
import type { CompanionOrder } from '../companions/orders';
import type { Conversations } from '../conversations';
import { ExpectationFailed } from '../expectations';
import type { DatabaseAccess, JudgedDatabase } from '../judged-database';
import { withoutVolatileParts } from '../recorded-text';
import { APPLIED, CATALOGUE, EXTENSIONS, HAS_APPLIED, TABLE_FILES } from './catalogue';
import { ending } from './commands';
import { disturbancesOf } from './migration-disturbances';
import type { CheckMigrations, Drift, MigrationDatabase, MigrationStep } from './migrations-api';

export interface MigrationParts {
  readonly companions: CompanionDesk;
  readonly conversations: Conversations;
  readonly record: CheckRecord;
  /** Throws when the check may not ask now. */
  readonly guard: () => void;
  /** Opens proxy and session of a further database; who opens it closes it. */
  readonly openDatabase: (access: DatabaseAccess) => Promise<JudgedDatabase>;
  /** Text of a file of the pack's `data/` folder. */
  readonly readData: (file: string) => string;
  readonly now: Date;
}

const CATALOGUE_MS = 5_000;
const MAX_STATEMENTS = 2_000;
const MAX_OUTPUT = 1_500;
/** Kinds of lines that models ask for. */
const OF_MODELS = /^(table|column|default|constraint|index) /;
/** What runs when a table is made without migrations, and is no part of it. */
const DJANGO_NAME = /^[A-Za-z_]\w*$/;

/** Runs the submission's migrations in databases of their own. */
export function createMigrations(parts: () => MigrationParts): CheckMigrations {
  const database = async (): Promise<Spare> => {
    const { companions, openDatabase, guard } = parts();
    guard();
    const { id, access } = await companions.makeDatabase();
    return new Spare(parts(), id, access, await openDatabase(access));
  };
  return {
    async database() {
      return (await database()).forChecks();
    },
    async drift() {
      const migrated = await database();
      const step = await migrated.migrate();
      if (!step.claimsSuccess) throw new ExpectationFailed('the migrations do not run in an empty database');
      const modelled = await database();
      await modelled.addExtensionsOf(migrated);
      await modelled.createTables();
      return migrated.driftFrom(modelled, parts().record);
    },
  };
}

class Spare {
  constructor(
    private readonly parts: MigrationParts,
    private readonly id: number,
    private readonly access: DatabaseAccess,
    private readonly judged: JudgedDatabase,
  ) {}

  forChecks(): MigrationDatabase {
    const { conversations, guard, readData } = this.parts;
    const ask = <T>(work: () => Promise<T>): Promise<T> => {
      guard();
      return conversations.during(work);
    };
    return {
      migrate: (app, migration) => this.migrate(app, migration),
      query: (sql, parameters) => ask(() => this.judged.session.query(sql, parameters)),
      load: (dataFile) =>
        ask(async () => {
          await this.judged.session.query(readData(dataFile));
        }),
      catalogue: () => ask(() => this.catalogue()),
    };
  }

  async migrate(app?: string, migration?: string): Promise<MigrationStep> {
    const target = [app, migration].filter((word) => word !== undefined);
    for (const word of target) if (!/^\w+$/.test(word)) throw new TypeError(`"${word}" is no name of an app or migration`);
    const before = await this.look();
    const { value: end, statements } = await this.judged.proxy.capture(
      () => this.run({ kind: 'command', name: 'migrate', arguments: ['--no-input', ...target] }),
      MAX_STATEMENTS,
    );
    const after = await this.look();
    const step: MigrationStep = {
      end: end.exit,
      claimsSuccess: end.exit.kind === 'exited' && end.exit.code === 0,
      applied: after.applied.filter((name) => !before.applied.includes(name)),
      unapplied: before.applied.filter((name) => !after.applied.includes(name)),
      rewritten: after.tables
        .filter(({ id, file }) => before.tables.some((table) => table.id === id && table.file !== file))
        .map(({ name }) => name),
      disturbances: disturbancesOf(
        statements.map(({ text }) => text),
        new Set(before.tables.map(({ plain }) => plain)),
      ),
      output: end.output,
    };
    this.parts.record.addRecord('migration', ['migrate', ...target].join(' '), this.described(step));
    return step;
  }

  /** Makes the tables of the models, without migrations. */
  async createTables(): Promise<void> {
    const { exit, output } = await this.run({ kind: 'tables-of-models' });
    if (exit.kind === 'exited' && exit.code === 0) return;
    this.parts.record.addRecord('migration', 'tables of the models', `${ending(exit)}\n${this.steady(output)}`);
    throw new ExpectationFailed(`the tables of the models cannot be made: the program ${ending(exit)}`);
  }

  async addExtensionsOf(other: Spare): Promise<void> {
    const { conversations } = this.parts;
    for (const { name } of await conversations.during(() => other.catalogueQuery(EXTENSIONS))) {
      if (!DJANGO_NAME.test(String(name))) continue;
      await conversations.during(() => this.judged.session.query(`CREATE EXTENSION IF NOT EXISTS ${String(name)}`));
    }
  }

  /** What another database has that this one has not, and the other way. */
  async driftFrom(models: Spare, record: CheckRecord): Promise<Drift> {
    const { conversations } = this.parts;
    const [mine, wanted] = await conversations.during(async () => [await this.catalogue(), await models.catalogue()] as const);
    const pairs = pairTables(wanted);
    const missing = without(sameKeys(wanted, pairs), sameKeys(mine, pairs));
    const extra = without(sameKeys(mine, pairs), sameKeys(wanted, pairs));
    const list = (lines: readonly string[]): string => lines.map((line) => `\n  ${line}`).join('') || ' nothing';
    record.addRecord(
      'migration',
      'models and migrations',
      `missing in the migrated database:${list(missing)}\nnot asked for by the models:${list(extra)}`,
    );
    return { missing, extra };
  }

  private async catalogue(): Promise<string[]> {
    return (await this.catalogueQuery(CATALOGUE)).map(({ kind, line }) => `${String(kind)} ${String(line)}`);
  }

  private catalogueQuery(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.judged.session.readOnly(sql, { timeoutMs: CATALOGUE_MS, catalogueOnly: true });
  }

  private look(): Promise<DatabaseState> {
    return this.parts.conversations.during(async () => {
      const [row] = await this.catalogueQuery(HAS_APPLIED);
      const applied = row?.has === true ? await this.catalogueQuery(APPLIED) : [];
      const tables = await this.catalogueQuery(TABLE_FILES);
      return {
        applied: applied.map(({ app, name }) => `${String(app)}.${String(name)}`),
        tables: tables.map(({ id, name, plain, file }) => ({
          id: Number(id),
          name: String(name),
          plain: String(plain),
          file: Number(file),
        })),
      };
    });
  }

  private async run(order: OrderHere): Promise<Awaited<ReturnType<HeldCompanion['wait']>>> {
    const { companions, record, guard } = this.parts;
    guard();
    const companion = await companions.start(
      { ...order, environment: {}, without: [], seconds: null, spareDatabase: this.id },
      record,
    );
    return companion.wait();
  }

  private described({ end, claimsSuccess, applied, unapplied, rewritten, disturbances, output }: MigrationStep): string {
    const lines = [
      ending(end),
      ...(applied.length > 0 ? [`applied: ${applied.join(', ')}`] : []),
      ...(unapplied.length > 0 ? [`taken back: ${unapplied.join(', ')}`] : []),
      ...(rewritten.length > 0 ? [`stored anew: ${rewritten.join(', ')}`] : []),
      ...disturbances.map(({ table, why, statement }) => `${table}: ${why} [${statement}]`),
    ];
    return claimsSuccess ? lines.join('\n') : `${lines.join('\n')}\n${this.steady(output)}`;
  }

  private steady(text: string): string {
    return withoutVolatileParts(text.replaceAll(this.access.database, '<database>'), this.parts.now).slice(-MAX_OUTPUT);
  }
}

type OrderHere = CompanionOrder extends infer Order
  ? Order extends { readonly kind: 'command' | 'tables-of-models' }
    ? Omit<Order, 'environment' | 'without' | 'seconds' | 'spareDatabase'>
    : never
  : never;

interface DatabaseState {
  readonly applied: readonly string[];
  readonly tables: readonly { readonly id: number; readonly name: string; readonly plain: string; readonly file: number }[];
}

/** Lines of models that are in `lines` more often than in `others`. */
/**
 * Tables of many-to-many relations that Django makes by itself: a key and two references. The width of their keys follows the app's
 * `default_auto_field` when they are made from models, and the project's when migrations make them; Django counts neither as a change.
 */
function pairTables(lines: readonly string[]): ReadonlySet<string> {
  const columns = new Map<string, string[]>();
  for (const line of lines) {
    const [, table, column] = /^column (\S+)\.(\S+) /.exec(line) ?? [];
    if (table !== undefined && column !== undefined) columns.set(table, [...(columns.get(table) ?? []), column]);
  }
  const isPair = (names: readonly string[]) =>
    names.length === 3 && names.includes('id') && names.filter((name) => name.endsWith('_id')).length === 2;
  return new Set([...columns].filter(([, names]) => isPair(names)).map(([table]) => table));
}

function sameKeys(lines: readonly string[], tables: ReadonlySet<string>): string[] {
  return lines.map((line) => {
    const [, table, rest] = /^column (\S+)\.id (?:integer|bigint) (not null identity .*)$/.exec(line) ?? [];
    return table !== undefined && tables.has(table) ? `column ${table}.id key ${rest}` : line;
  });
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    if (!OF_MODELS.test(line)) return false;
    const place = left.indexOf(line);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}
