import type { ProjectFiles } from './project-files';

/** A directive of nginx with its block, if it has one. Lines count from 1. */
export interface NginxDirective {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly NginxDirective[] | null;
  readonly file: string;
  readonly line: number;
}

export interface NginxConfig {
  readonly file: string;
  /** Files of the project that `include` names stand in its place; others leave it as it is. */
  readonly directives: readonly NginxDirective[];
  readonly problems: readonly { readonly file: string; readonly line: number; readonly message: string }[];
}

/** A `location` with what is in force in it. */
export interface NginxLocation {
  readonly directive: NginxDirective;
  /** `=`, `~`, `~*`, `^~` or ''. */
  readonly modifier: string;
  readonly path: string;
  /** From the location itself outwards: server, http, the file. */
  readonly levels: readonly (readonly NginxDirective[])[];
}

/** Longest configuration with all that it includes, in characters. */
const MAX_TEXT = 131_072;
const MAX_DEPTH = 16;
const MAX_DIRECTIVES = 5_000;
const MAX_INCLUDES = 20;
/** After so many problems nothing more is read. */
const MAX_PROBLEMS = 20;
/** Blocks whose text is another language. */
const FOREIGN_BLOCK = /_by_lua_block$/;

/** Reads a configuration with the grammar of nginx (https://nginx.org/en/docs/beginners_guide.html). Never throws. */
export function parseNginx(files: ProjectFiles, file: string): NginxConfig {
  const reader = new NginxReader(files);
  const directives = reader.read(file, 0);
  return { file, directives, problems: reader.problems };
}

/** All directives of this name, wherever they stand. */
export function directivesNamed(directives: readonly NginxDirective[], name: string): NginxDirective[] {
  return directives.flatMap((directive) => [
    ...(directive.name === name ? [directive] : []),
    ...(directive.block ? directivesNamed(directive.block, name) : []),
  ]);
}

/** All locations, nested ones too. */
export function locationsOf(
  directives: readonly NginxDirective[],
  around: readonly (readonly NginxDirective[])[] = [],
): NginxLocation[] {
  return directives.flatMap((directive) => {
    if (directive.block === null) return [];
    const levels = [directive.block, directives, ...around];
    const inner = locationsOf(directive.block, [directives, ...around]);
    if (directive.name !== 'location') return inner;
    const [first = '', second] = directive.args;
    const isModified = second !== undefined && /^(=|~\*?|\^~)$/.test(first);
    return [{ directive, modifier: isModified ? first : '', path: isModified ? second : first, levels }, ...inner];
  });
}

/**
 * The directives of this name that are in force in a location. As nginx does it: those of the innermost level that has any, so that one
 * `add_header` in a location takes all those of the server away.
 */
export function inForceAt(location: NginxLocation, name: string): readonly NginxDirective[] {
  for (const level of location.levels) {
    const found = level.filter((directive) => directive.name === name);
    if (found.length > 0) return found;
  }
  return [];
}

class NginxReader {
  readonly problems: { file: string; line: number; message: string }[] = [];
  private count = 0;
  private includes = 0;
  private room = MAX_TEXT;

  constructor(private readonly files: ProjectFiles) {}

  read(file: string, depth: number): NginxDirective[] {
    const text = this.files.read(file);
    if (text === null) return [];
    this.room -= text.length;
    if (this.room < 0) {
      this.problems.push({ file, line: 1, message: 'the file is too long' });
      return [];
    }
    const tokens = tokensOf(text);
    const state = { at: 0 };
    const directives = this.block(tokens, state, file, depth);
    const rest = tokens[state.at];
    if (rest) this.problems.push({ file, line: rest.line, message: 'unexpected "}"' });
    return directives;
  }

  private block(tokens: readonly Token[], state: { at: number }, file: string, depth: number): NginxDirective[] {
    const directives: NginxDirective[] = [];
    while (state.at < tokens.length && tokens[state.at]?.kind !== '}') {
      const words: Token[] = [];
      while (tokens[state.at]?.kind === 'word') {
        words.push(tokens[state.at] as Token);
        state.at += 1;
      }
      const end = tokens[state.at];
      const [first, ...rest] = words;
      if (!first || !end || end.kind === '}') {
        const line = end?.line ?? first?.line ?? 1;
        this.problems.push({ file, line, message: first ? `"${first.text}" has no ";"` : `unexpected "${end?.kind ?? 'end'}"` });
        if (end?.kind !== '}') state.at += 1;
        if (this.problems.length >= MAX_PROBLEMS) return this.end(tokens, state, directives);
        continue;
      }
      state.at += 1;
      this.count += 1;
      if (this.count > MAX_DIRECTIVES || depth > MAX_DEPTH) {
        this.problems.push({ file, line: first.line, message: 'there are too many directives' });
        return this.end(tokens, state, directives);
      }
      const args = rest.map(({ text }) => text);
      if (end.kind === '{')
        directives.push({ name: first.text, args, block: this.inner(tokens, state, file, depth, first), file, line: first.line });
      else if (first.text === 'include') directives.push(...this.included(args[0] ?? '', file, first.line, depth));
      else directives.push({ name: first.text, args, block: null, file, line: first.line });
    }
    return directives;
  }

  private end(tokens: readonly Token[], state: { at: number }, directives: NginxDirective[]): NginxDirective[] {
    state.at = tokens.length;
    return directives;
  }

  private inner(tokens: readonly Token[], state: { at: number }, file: string, depth: number, opened: Token): NginxDirective[] {
    const block = this.block(tokens, state, file, depth + 1);
    if (tokens[state.at]?.kind === '}') state.at += 1;
    else this.problems.push({ file, line: opened.line, message: `the block of "${opened.text}" has no "}"` });
    return block;
  }

  /** Files of the project that the name fits from its end: nobody knows where they are put on the server. */
  private included(name: string, file: string, line: number, depth: number): NginxDirective[] {
    const asItIs = { name: 'include', args: [name], block: null, file, line };
    const wanted = name.split('/').at(-1) ?? '';
    this.includes += 1;
    if (wanted === '' || this.includes > MAX_INCLUDES || /^(mime\.types|uwsgi_params|fastcgi_params|proxy_params)$/.test(wanted))
      return [asItIs];
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    const [head = '', tail] = wanted.split('*');
    const found = this.files.list().filter((other) => {
      const last = other.slice(other.lastIndexOf('/') + 1);
      const isNear = other.startsWith(folder) || /(^|\/)nginx/.test(other);
      return (
        other !== file &&
        isNear &&
        (tail === undefined ? last === wanted : last.startsWith(head) && last.endsWith(tail) && last.endsWith('.conf'))
      );
    });
    if (found.length === 0) return [asItIs];
    return found.flatMap((other) => (depth < MAX_DEPTH ? this.read(other, depth + 1) : []));
  }
}

interface Token {
  readonly kind: 'word' | '{' | '}' | ';';
  readonly text: string;
  readonly line: number;
}

/** Words, quoted or not, and the signs between them; comments are left out. A `$\{variable}` is part of its word. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '\n') line += 1;
    if (/\s/.test(character)) {
      at += 1;
    } else if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (character === '{' || character === '}' || character === ';') {
      const opens = character === '{' ? tokens.at(-1) : undefined;
      if (opens && FOREIGN_BLOCK.test(opens.text)) {
        const end = endOfForeign(text, at);
        line += text.slice(at, end).split('\n').length - 1;
        tokens.push({ kind: ';', text: ';', line });
        at = end;
      } else {
        tokens.push({ kind: character, text: character, line });
        at += 1;
      }
    } else {
      const end = endOfWord(text, at);
      const raw = text.slice(at, end);
      tokens.push({ kind: 'word', text: /^(["'])[\s\S]*\1$/.test(raw) && raw.length > 1 ? raw.slice(1, -1) : raw, line });
      line += raw.split('\n').length - 1;
      at = end;
    }
  }
  return tokens;
}

function endOfWord(text: string, start: number): number {
  const quote = text[start] === '"' || text[start] === "'" ? text[start] : null;
  let at = quote ? start + 1 : start;
  while (at < text.length) {
    if (text[at] === '\\') at += 2;
    else if (quote) {
      at += 1;
      if (text[at - 1] === quote) return at;
    } else if (text[at] === '$' && text[at + 1] === '{') {
      const end = text.indexOf('}', at);
      at = end === -1 || end - at > 100 ? at + 2 : end + 1;
    } else if (/[\s;{}]/.test(text[at] ?? '')) return at;
    else at += 1;
  }
  return Math.min(at, text.length);
}

function endOfForeign(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
