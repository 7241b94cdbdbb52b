import { bareStatement } from './statement-text';

/** What a statement does that others can see: nothing, a change of rows or of the schema, or the end of a transaction. */
export type StatementEffect = 'read' | 'write' | 'commit';

/** First words of statements after which the database holds what it held before. Taking a lock is one of them. */
const READS =
  /^\(*(SELECT|VALUES|TABLE|SHOW|SET|RESET|BEGIN|START|SAVEPOINT|RELEASE|ROLLBACK|ABORT|DECLARE|FETCH|MOVE|CLOSE|LOCK|LISTEN|UNLISTEN|DISCARD|EXPLAIN|PREPARE|DEALLOCATE|ANALYZE)\b/;
const WRITES_IN_WITH = /\b(INSERT INTO|DELETE FROM|MERGE INTO)\b|(?<!FOR |FOR NO KEY )\bUPDATE\b/;

/** Characters that are looked at; a text that goes on is taken for a write unless it begins with a plain SELECT. */
const MAX_LENGTH = 4_000;

/** The strongest effect of the statements in a text. Functions that write are not looked into. */
export function effectOf(text: string): StatementEffect {
  if (text.length > MAX_LENGTH) return /^[\s(]*SELECT\b/i.test(text.slice(0, 100)) ? 'read' : 'write';
  let effect: StatementEffect = 'read';
  for (const part of bareStatement(text).split(';')) {
    const statement = part.trim();
    if (statement === '' || READS.test(statement)) continue;
    if (/^WITH\b/.test(statement) && !WRITES_IN_WITH.test(statement)) continue;
    if (!/^(COMMIT|END)\b/.test(statement)) return 'write';
    effect = 'commit';
  }
  return effect;
}
