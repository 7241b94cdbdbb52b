import { isTangled, normaliseStatement } from '../statement-text';
import type { Disturbance } from './migrations-api';

const NAME = '(?:"[^"]+"|\\w+)';
const TABLE = new RegExp(`(?:${NAME}\\.)?(${NAME})`);
const ON_TABLE = new RegExp(`^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?${TABLE.source} (.*)$`, 'i');
const INDEX = new RegExp(`^CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).*? ON (?:ONLY )?${TABLE.source}`, 'i');
const UPDATE = new RegExp(`^UPDATE (?:ONLY )?${TABLE.source} SET (?!.*\\bWHERE\\b)`, 'i');

/** What an ALTER TABLE does to a project that goes on meanwhile, tried in this order. */
const ALTERATIONS: readonly (readonly [RegExp, string])[] = [
  [/^ALTER COLUMN .* TYPE /i, 'changes a type while everybody waits'],
  [/^ALTER COLUMN .* SET NOT NULL/i, 'reads all rows while everybody waits'],
  [/^ADD CONSTRAINT (?!.*USING INDEX).*\b(UNIQUE|PRIMARY KEY|EXCLUDE)\b/i, 'builds an index while everybody waits'],
  [/^ADD CONSTRAINT (?!.*NOT VALID).*\b(CHECK|FOREIGN KEY)\b/i, 'checks all rows while writes wait'],
  [/^ADD COLUMN .*\bNOT NULL\b(?!.*\bIDENTITY\b)/i, 'refuses rows of the version that still runs'],
  [/^(DROP COLUMN|RENAME)\b/i, 'takes away what the version that still runs uses'],
];

/**
 * Statements of a migration by which a project that is running is held up or broken.
 *
 * @param statements texts in the order in which they were sent, several in one where the client did so
 * @param existing tables that were there before, by plain name; nobody waits for a new one
 */
export function disturbancesOf(statements: readonly string[], existing: ReadonlySet<string>): Disturbance[] {
  const found: Disturbance[] = [];
  // A default that stays keeps the version that still runs going.
  const dropsDefault = statements.some((text) => /ALTER COLUMN [^\n]{1,200} DROP DEFAULT/i.test(text.slice(0, 2_000)));
  const readable = statements.filter((text) => !isTangled(text));
  for (const statement of readable.flatMap((text) => normaliseStatement(text).split(';'))) {
    const disturbance = disturbanceOf(statement.trim(), dropsDefault);
    if (disturbance && existing.has(disturbance.table)) found.push(disturbance);
  }
  return found;
}

function disturbanceOf(statement: string, dropsDefault: boolean): Disturbance | null {
  const index = INDEX.exec(statement);
  if (index) return { table: plain(index[1]), why: 'builds an index while writes wait', statement };
  const update = UPDATE.exec(statement);
  if (update) return { table: plain(update[1]), why: 'changes all rows at once', statement };
  const [, table, change = ''] = ON_TABLE.exec(statement) ?? [];
  if (table === undefined) return null;
  const known = ALTERATIONS.find(([pattern]) => pattern.test(change));
  if (!known || (/^ADD COLUMN/i.test(change) && /\bDEFAULT\b/i.test(change) && !dropsDefault)) return null;
  return { table: plain(table), why: known[1], statement };
}

function plain(name = ''): string {
  return name.startsWith('"') ? name.slice(1, -1) : name.toLowerCase();
}
