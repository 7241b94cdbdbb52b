/** What decides which migrations a Django project has, and what they do. */
const NAMES = [
  'AUTH_USER_MODEL',
  'DATABASES',
  'DATABASE_ROUTERS',
  'DEFAULT_AUTO_FIELD',
  'DEFAULT_INDEX_TABLESPACE',
  'DEFAULT_TABLESPACE',
  'INSTALLED_APPS',
  'MIGRATION_MODULES',
];
const MAX_LENGTH = 100_000;
/** By which a setting could be set without being named, or a value change that its text does not show. */
const INDIRECT =
  /\b(globals|locals|vars|exec|eval|setattr|__import__|importlib|__dict__|modules|_getframe|putenv)\b|import\s*\*|\bimport\s*\(|environ\s*(\[[^\]]*\]\s*=[^=]|\.(update|setdefault|pop|clear)|\|=)|\bdel\b/;
/** `os` is the module of that name and nothing else. */
const OTHER_OS =
  /\bos\s*=(?!=)|\bas\s+os\b|\bfrom\s+(?!os\b)\S+\s+import\b[^\n]*\b(os|environ|getenv)\b|\b(environ|getenv)\s*=(?!=)/;
/** All that a value may be made of besides literals. */
const KNOWN_WORDS = new Set(['True', 'False', 'None', 'os', 'environ', 'get', 'getenv']);
/** A string, long or short, or a comment, whichever comes first. */
const TOKEN = /[A-Za-z]*(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|#.*/g;

/**
 * The statements of a settings module that decide on migrations, in their order, or null when the text does not show for certain what
 * they come to: each must stand at the top level, be made of literals and the environment, and be the only place with its name.
 */
export function decisiveSettings(source: string): readonly string[] | null {
  if (source.length > MAX_LENGTH) return null;
  const text = source.replace(/\r\n?/g, '\n').replace(TOKEN, (found) => (found.startsWith('#') ? '' : found));
  const bare = withoutStrings(text);
  if (/["'\\]/.test(bare) || INDIRECT.test(bare) || OTHER_OS.test(bare)) return null;
  const statements: string[] = [];
  for (const match of bare.matchAll(/^([A-Z_]+)[ \t]*=(?!=)/gm)) {
    if (!NAMES.includes(String(match[1]))) continue;
    const end = endOfStatement(bare, match.index);
    if (end === null || !isPlain(bare.slice(match.index + match[0].length, end))) return null;
    statements.push(text.slice(match.index, end));
  }
  const named = [...bare.matchAll(/\w+/g)].filter(([word]) => NAMES.includes(word)).length;
  return named === statements.length && new Set(statements.map((each) => each.split('=')[0]?.trim())).size === named
    ? statements
    : null;
}

/** The end of the line on which all brackets opened since `start` are closed. */
function endOfStatement(bare: string, start: number): number | null {
  let depth = 0;
  for (let index = start; index < bare.length; index += 1) {
    const sign = bare.charAt(index);
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    if (depth < 0) return null;
    if (sign === '\n' && depth === 0) return index;
  }
  return depth === 0 ? bare.length : null;
}

function isPlain(value: string): boolean {
  return [...value.matchAll(/[A-Za-z_]\w*/g)].every(([word]) => KNOWN_WORDS.has(word));
}

/** Strings are replaced by blanks of their length, so that places stay what they are; what an f-string holds is code. */
function withoutStrings(text: string): string {
  return text.replace(TOKEN, (found) =>
    /^[A-Za-z]*[fF]/.test(found) ? found.replace(/["']/g, ' ') : found.replace(/[^\n]/g, ' '),
  );
}
