import { parse as parseToml } from 'smol-toml';
import type { ProjectFiles } from './project-files';
import { listOf, mapOf, textOf } from './yaml-text';

/** What a project needs to be installed, by all of its lists. */
export interface Requirements {
  readonly requirements: readonly Requirement[];
  /** Locks that name exact versions and hashes of everything: poetry.lock, uv.lock, Pipfile.lock, pdm.lock. */
  readonly locks: readonly string[];
  /** Lists that could not be read. */
  readonly problems: readonly { readonly file: string; readonly line: number; readonly message: string }[];
}

export interface Requirement {
  /** Normalised as on PyPI: `django-filter`. */
  readonly name: string;
  /** As written, for example `>=5.2,<5.3`; '' when any version will do. */
  readonly version: string;
  /** Exactly one version: `==5.2.1`, or a commit or file with its hash. */
  readonly isPinned: boolean;
  readonly hasHash: boolean;
  /** Installed from an address instead of an index. */
  readonly url: string | null;
  /** Only for developers: a file or group of that name. */
  readonly isForDevelopment: boolean;
  readonly file: string;
  readonly line: number;
}

const MAX_LINES = 5_000;
/** Lists that are looked into and their characters together, characters of one that is TOML, and requirements that are taken from it. */
const MAX_FILES = 50;
const MAX_TEXT = 1_048_576;
const MAX_TOML = 131_072;
const MAX_REQUIREMENTS = 1_000;
const MAX_GROUPS = 30;
/** Of one requirement without its hashes, in characters. */
const MAX_REQUIREMENT = 500;
const REQUIREMENT_LIST =
  /(^|\/)([\w.-]*requirements[\w.-]*|constraints[\w.-]*)\.(txt|in|pip)$|(^|\/)requirements\/[^/]+\.(txt|in)$/i;
const TOML = /(^|\/)(pyproject\.toml|Pipfile)$/;
const LOCKS = /(^|\/)(poetry\.lock|uv\.lock|Pipfile\.lock|pdm\.lock|pylock(\.[\w-]+)?\.toml)$/;
const DEVELOPMENT = /(^|[/_.-])(dev|devel|develop|development|test|tests|testing|lint|local|docs?|ci|debug|typing)([/_.-]|$)/i;

/** Lists of a project: requirements files, pyproject.toml, Pipfile and setup.cfg. Never throws. */
export function readRequirements(files: ProjectFiles): Requirements {
  const requirements: Requirement[] = [];
  const problems: { file: string; line: number; message: string }[] = [];
  const list = files.list().filter((file) => !/(^|\/)(node_modules|\.venv|venv|site-packages)\//.test(file));
  let room = MAX_TEXT;
  // What pip-tools or uv compiled is installed, not what it was compiled from.
  const isSource = (file: string): boolean => file.endsWith('.in') && list.includes(file.replace(/\.in$/, '.txt'));
  for (const file of list
    .filter((name) => (REQUIREMENT_LIST.test(name) && !isSource(name)) || TOML.test(name))
    .slice(0, MAX_FILES)) {
    const text = files.read(file);
    room -= text?.length ?? 0;
    if (text === null || room < 0) continue;
    if (REQUIREMENT_LIST.test(file)) requirements.push(...fromText(file, text));
    else requirements.push(...fromToml(file, text, problems));
  }
  return { requirements, locks: list.filter((file) => LOCKS.test(file)), problems };
}

/** PEP 503. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
function fromText(file: string, text: string): Requirement[] {
  const found: Requirement[] = [];
  const lines = text.split('\n').slice(0, MAX_LINES);
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    let joined = (lines[at] ?? '').trimEnd();
    while (joined.endsWith('\\') && at + 1 < lines.length) {
      at += 1;
      joined = `${joined.slice(0, -1)} ${(lines[at] ?? '').trim()}`;
    }
    const plain = joined.replace(/(^|\s)#.*$/, '').trim();
    const requirement = requirementOf(plain.replace(/^(-e|--editable)[ =]/, '').trim(), file, line, isForDevelopment(file));
    if (requirement) found.push({ ...requirement, hasHash: /\s--hash[= ]sha\d+:[0-9a-f]{32,}/.test(plain) });
  }
  return found;
}

function isForDevelopment(file: string): boolean {
  return DEVELOPMENT.test(file.slice(file.lastIndexOf('/') + 1)) || /(^|\/)(docs?|tests?)\//.test(file);
}

/** One requirement as PEP 508 writes it. */
function requirementOf(whole: string, file: string, line: number, isForDevelopment: boolean): Requirement | null {
  const text = whole.slice(0, MAX_REQUIREMENT).trim();
  if (text === '' || text.startsWith('-')) return null;
  const url = /^(?:([\w.-]+)\s*(?:\[[^\]]*\])?\s*@\s*)?((?:git\+|hg\+|https?:|ssh:|file:)\S+)/.exec(text);
  if (url) {
    const address = url[2] ?? '';
    const name = url[1] ?? /#egg=([\w.-]+)/.exec(address)?.[1] ?? address;
    const isPinned = /@[0-9a-f]{7,40}(#|$)|sha256=[0-9a-f]{64}/.test(address);
    return { name: normalName(name), version: '', isPinned, hasHash: false, url: address, isForDevelopment, file, line };
  }
  const [, name, version = ''] =
    /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?((?:[<>=!~]=?=?\s*[\w.*+-]+\s*,?\s*)*)\)?\s*(?:;|--|$|\s)/.exec(text) ?? [];
  if (name === undefined) return null;
  const plain = version.replace(/\s+/g, '').replace(/,$/, '');
  return {
    name: normalName(name),
    version: plain,
    isPinned: isExact(plain),
    hasHash: false,
    url: null,
    isForDevelopment,
    file,
    line,
  };
}

function isExact(version: string): boolean {
  return /^={2,3}[^*,]+$/.test(version);
}

function fromToml(file: string, text: string, problems: { file: string; line: number; message: string }[]): Requirement[] {
  let top: Readonly<Record<string, unknown>>;
  if (text.length > MAX_TOML) {
    problems.push({ file, line: 1, message: 'the file is too long' });
    return [];
  }
  try {
    top = mapOf(parseToml(text));
  } catch (error) {
    const line = error instanceof Error && 'line' in error && typeof error.line === 'number' ? error.line : 1;
    problems.push({ file, line, message: error instanceof RangeError ? 'it is nested too deeply' : 'it is no TOML' });
    return [];
  }
  const lineOf = lineFinder(text);
  const strings = (list: unknown, forDevelopment: boolean): Requirement[] =>
    listOf(list)
      .slice(0, MAX_REQUIREMENTS)
      .flatMap((item) => {
        const written = textOf(item);
        return written === null ? [] : (requirementOf(written, file, lineOf(written), forDevelopment) ?? []);
      });
  const tables = (table: unknown, forDevelopment: boolean): Requirement[] =>
    Object.entries(mapOf(table))
      .slice(0, MAX_REQUIREMENTS)
      .filter(([name]) => name.toLowerCase() !== 'python')
      .map(([name, how]) => ofTable(name, how, file, lineOf(name), forDevelopment));
  const groups = (table: unknown, read: (group: unknown, forDevelopment: boolean) => Requirement[]): Requirement[] =>
    Object.entries(mapOf(table))
      .slice(0, MAX_GROUPS)
      .flatMap(([name, group]) => read(group, DEVELOPMENT.test(name)));
  const project = mapOf(top.project);
  const tool = mapOf(top.tool);
  const poetry = mapOf(tool.poetry);
  return [
    ...strings(project.dependencies, false),
    ...groups(project['optional-dependencies'], strings),
    ...groups(top['dependency-groups'], strings),
    ...strings(mapOf(tool.uv)['dev-dependencies'], true),
    ...tables(poetry.dependencies, false),
    ...tables(poetry['dev-dependencies'], true),
    ...groups(poetry.group, (group, forDevelopment) => tables(mapOf(group).dependencies, forDevelopment)),
    ...(file.endsWith('Pipfile') ? [...tables(top.packages, false), ...tables(top['dev-packages'], true)] : []),
  ];
}

/** `django = "^5.2"`, `django = { version = "5.2.1", extras = [...] }`, `shop = { git = ..., rev = ... }`. */
function ofTable(name: string, how: unknown, file: string, line: number, isForDevelopment: boolean): Requirement {
  const table = mapOf(how);
  const written = textOf(how) ?? textOf(table.version) ?? '';
  const version = written === '*' ? '' : written;
  const url = textOf(table.git) ?? textOf(table.url) ?? textOf(table.path);
  const commit = textOf(table.rev) ?? textOf(table.ref) ?? '';
  const isPinned = url === null ? isExact(version) || /^\d[\w.]*$/.test(version) : /^[0-9a-f]{7,40}$/.test(commit);
  return { name: normalName(name), version, isPinned, hasHash: false, url, isForDevelopment, file, line };
}

/** Where a text stands first; TOML parsers do not tell. */
function lineFinder(text: string): (needle: string) => number {
  const lines = text.split('\n');
  return (needle) => lines.findIndex((line) => !line.trimStart().startsWith('#') && line.includes(needle)) + 1 || 1;
}
