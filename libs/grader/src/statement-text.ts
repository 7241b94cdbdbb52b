/**
 * A literal, a comment or a name of PostgreSQL, in the order in which they must be tried: a quoted name is kept, all else becomes `?`
 * or disappears.
 */
const TOKENS =
  /"(?:[^"]|"")*"|[eE]'(?:[^'\\]|''|\\.)*'|(?:[uU]&|[bBxXnN])?'(?:[^']|'')*'|(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\/|\$\d+|[A-Za-z_]\w*|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/g;

/** Longest text that is kept of one statement, in characters. */
const MAX_LENGTH = 1_000;

/**
 * The text of an SQL statement without what varies from run to run: literals and parameters become `?`, lists of them `(?, ...)`,
 * comments and line breaks disappear. (psycopg binds on the client, so that literals stand in the text.)
 */
export function normaliseStatement(sql: string): string {
  const text = sql
    .replace(TOKENS, (token) => {
      if (token.startsWith('"') || /^[A-Za-z_]\w*$/.test(token)) return token;
      return token.startsWith('--') || token.startsWith('/*') ? ' ' : '?';
    })
    .replace(/\s+/g, ' ')
    .replace(/-\?/g, '?')
    .replace(/\(\?(?:, ?\?)+\)/g, '(?, ...)')
    .replace(/(\(\?, \.\.\.\))(?:, ?\(\?, \.\.\.\))+/g, '$1, ...')
    .trim();
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)} ...` : text;
}

/** SQL in upper case with names, words and signs alone: what stands in quotes, dollars or comments is gone. */
export function bareStatement(sql: string): string {
  const text = sql.replace(TOKENS, (token) => {
    if (token.startsWith('--') || token.startsWith('/*')) return ' ';
    return /^[A-Za-z_]\w*$/.test(token) ? token : '_';
  });
  return text.replace(/\s+/g, ' ').trim().toUpperCase();
}

/** SQL in which each parameter (`$1`) is cast to its type. @param types names by place, null where the server is to decide */
export function typedParameters(sql: string, types: readonly (string | null)[]): string {
  return sql.replace(TOKENS, (token) => {
    const number = /^\$(\d+)$/.exec(token);
    const type = number ? types[Number(number[1]) - 1] : null;
    return type ? `${token}::${type}` : token;
  });
}

/** Beginnings of comments and dollar quotes that a text may have before nobody looks for their ends. */
const MAX_OPENINGS = 100;

/** Whether a text is made so that reading it takes time out of proportion: each opening may be looked after to the end. */
export function isTangled(sql: string): boolean {
  let openings = 0;
  for (const _opening of sql.matchAll(/\/\*|\$(?:[A-Za-z_]\w*)?\$/g)) {
    openings += 1;
    if (openings > MAX_OPENINGS) return true;
  }
  return false;
}
