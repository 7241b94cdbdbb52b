/**
 * A Dockerfile as `docker build` reads it. Source of the syntax: https://docs.docker.com/reference/dockerfile/
 * Parser directives, continued lines, here-documents, exec and shell form, ARG before and between stages.
 */
export interface Dockerfile {
  /** All instructions in order, those before the first FROM included. */
  readonly instructions: readonly DockerInstruction[];
  readonly stages: readonly DockerStage[];
  /** Why `docker build` would refuse it. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

export interface DockerInstruction {
  /** In upper case. */
  readonly name: string;
  /** `--from=build` as `['from', 'build']`, without a value `['link', '']`. */
  readonly flags: ReadonlyMap<string, string>;
  /** What follows name and flags, continued lines joined by a space, comments left out; variables are as written. */
  readonly text: string;
  /** The words of the exec form (`["a", "b"]`); null in the shell form. */
  readonly exec: readonly string[] | null;
  /** Texts of its here-documents. */
  readonly documents: readonly string[];
  /** Counts from 1. */
  readonly line: number;
  readonly endLine: number;
}

export interface DockerStage {
  /** In lower case, null without `AS`. */
  readonly name: string | null;
  /** The image or stage it begins with, variables replaced by the defaults of ARG. */
  readonly base: string;
  /** The earlier stage that it begins with, else null. */
  readonly parent: DockerStage | null;
  /** FROM itself left out. */
  readonly instructions: readonly DockerInstruction[];
  readonly line: number;
}

const KNOWN = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
const WITH_DOCUMENTS = new Set(['RUN', 'COPY', 'ADD']);
/** Longest Dockerfile that is looked into, in characters. */
const MAX_TEXT = 65_536;
const MAX_INSTRUCTIONS = 500;

/** Never throws: what cannot be read is a problem. */
export function parseDockerfile(text: string): Dockerfile {
  if (text.length > MAX_TEXT)
    return { instructions: [], stages: [], problems: [{ line: 1, message: 'the Dockerfile is too long' }] };
  const problems: { line: number; message: string }[] = [];
  const instructions = new InstructionReader(text, problems).read();
  if (instructions.length > MAX_INSTRUCTIONS) {
    return { instructions: [], stages: [], problems: [{ line: 1, message: 'there are too many instructions' }] };
  }
  const stages = stagesOf(instructions, problems);
  if (stages.length === 0) problems.push({ line: 1, message: 'there is no FROM' });
  return { instructions, stages, problems: problems.sort((a, b) => a.line - b.line) };
}

/** The last instruction of this name that is in force at the end of a stage, also when an earlier stage set it. */
export function inForce(stage: DockerStage, name: string): DockerInstruction | null {
  for (let at: DockerStage | null = stage; at !== null; at = at.parent) {
    const found = at.instructions.findLast((instruction) => instruction.name === name);
    if (found) return found;
  }
  return null;
}

/** The stages that a stage is made of by FROM, itself first. */
export function lineage(stage: DockerStage): DockerStage[] {
  return stage.parent === null ? [stage] : [stage, ...lineage(stage.parent)];
}

/** Names and values of an ENV or ARG; an ARG without a default has null. */
export function variablesOf(instruction: DockerInstruction): { readonly name: string; readonly value: string | null }[] {
  const pairs = [
    ...instruction.text.matchAll(/(?:^|\s)([A-Za-z_][\w.-]*)(?:=("(?:[^"\\]|\\.)*"|'[^']*'|(?:\\.|[^\s"'\\])*))?(?=\s|$)/g),
  ];
  const first = pairs[0];
  // `ENV NAME value with spaces`, the old form.
  if (instruction.name === 'ENV' && first && first[2] === undefined) {
    return [{ name: first[1] ?? '', value: instruction.text.slice((first[1] ?? '').length).trim() }];
  }
  return pairs.map(([, name = '', value]) => ({ name, value: value === undefined ? null : unquoted(value) }));
}

/** The words that a shell or exec form runs; the words of a shell form are split at blanks. */
export function commandWords(instruction: DockerInstruction | null): readonly string[] {
  if (instruction === null) return [];
  return instruction.exec ?? instruction.text.split(/\s+/).filter((word) => word !== '');
}

function unquoted(value: string): string {
  return /^(["'])[\s\S]*\1$/.test(value) && value.length >= 2 ? value.slice(1, -1) : value;
}

class InstructionReader {
  private readonly lines: readonly string[];
  private readonly escape: string;
  private at = 0;

  constructor(
    text: string,
    private readonly problems: { line: number; message: string }[],
  ) {
    this.lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n/);
    this.escape = this.escapeDirective();
  }

  read(): DockerInstruction[] {
    const instructions: DockerInstruction[] = [];
    while (this.at < this.lines.length) {
      const start = this.at;
      if (isBlankOrComment(this.lines[start] ?? '')) this.at += 1;
      else instructions.push(this.instruction(start));
    }
    return instructions;
  }

  /** Only comments of this form at the very top are directives. */
  private escapeDirective(): string {
    for (const line of this.lines) {
      const directive = /^#\s*([A-Za-z]+)\s*=\s*(\S+)\s*$/.exec(line);
      if (!directive) break;
      if (directive[1]?.toLowerCase() === 'escape' && directive[2] === '`') return '`';
    }
    return '\\';
  }

  private instruction(start: number): DockerInstruction {
    const joined = this.joinedLines();
    const [, word = '', rest = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(joined) ?? [];
    const name = word.toUpperCase();
    if (!KNOWN.has(name)) this.problems.push({ line: start + 1, message: `"${word.slice(0, 40)}" is no instruction` });
    const flags = new Map<string, string>();
    let text = rest.trim();
    for (
      let flag = /^--([a-z][a-z0-9-]*)(?:=(\S*))?(?:\s+|$)/.exec(text);
      flag;
      flag = /^--([a-z][a-z0-9-]*)(?:=(\S*))?(?:\s+|$)/.exec(text)
    ) {
      flags.set(flag[1] ?? '', flag[2] ?? '');
      text = text.slice(flag[0].length);
    }
    const documents = WITH_DOCUMENTS.has(name) ? this.documents(text, start) : [];
    return { name, flags, text, exec: execForm(text), documents, line: start + 1, endLine: this.at };
  }

  private joinedLines(): string {
    const parts: string[] = [];
    while (this.at < this.lines.length) {
      const line = this.lines[this.at] ?? '';
      this.at += 1;
      // Within an instruction, comments and empty lines do not end it.
      if (parts.length > 0 && isBlankOrComment(line)) continue;
      const end = line.trimEnd();
      if (!end.endsWith(this.escape)) return [...parts, line].join(' ');
      parts.push(end.slice(0, -1));
    }
    return parts.join(' ');
  }

  private documents(text: string, start: number): string[] {
    const texts: string[] = [];
    for (const [, dash, name] of text.matchAll(/(?:^|\s)\d?<<(-?)["']?([A-Za-z_]\w*)["']?(?=\s|$|[;&|>])/g)) {
      const body: string[] = [];
      while (this.at < this.lines.length && marker(this.lines[this.at] ?? '', dash === '-') !== name) {
        body.push(this.lines[this.at] ?? '');
        this.at += 1;
      }
      if (this.at >= this.lines.length) this.problems.push({ line: start + 1, message: `the here-document ${name} has no end` });
      this.at += 1;
      texts.push(body.join('\n'));
    }
    return texts;
  }
}

function isBlankOrComment(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

function marker(line: string, isIndented: boolean): string {
  return isIndented ? line.replace(/^\t+/, '') : line;
}

function execForm(text: string): string[] | null {
  if (!text.startsWith('[')) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every((word) => typeof word === 'string') ? parsed : null;
  } catch {
    return null;
  }
}

function stagesOf(instructions: readonly DockerInstruction[], problems: { line: number; message: string }[]): DockerStage[] {
  const defaults = new Map<string, string>();
  const stages: (DockerStage & { instructions: DockerInstruction[] })[] = [];
  for (const instruction of instructions) {
    const last = stages.at(-1);
    if (instruction.name === 'FROM') {
      const [image = '', as, alias, ...more] = instruction.text.split(/\s+/).filter((word) => word !== '');
      const isWellFormed =
        image !== '' && (as === undefined || (as.toUpperCase() === 'AS' && alias !== undefined && more.length === 0));
      if (!isWellFormed) problems.push({ line: instruction.line, message: 'FROM has the form FROM image [AS name]' });
      const base = expand(image, defaults);
      const parent = stages.find((stage) => stage.name !== null && stage.name === base.toLowerCase()) ?? null;
      stages.push({ name: alias?.toLowerCase() ?? null, base, parent, instructions: [], line: instruction.line });
    } else if (last) {
      last.instructions.push(instruction);
    } else if (instruction.name === 'ARG') {
      for (const { name, value } of variablesOf(instruction)) defaults.set(name, expand(value ?? '', defaults));
    } else if (KNOWN.has(instruction.name)) {
      problems.push({ line: instruction.line, message: `${instruction.name} stands before the first FROM` });
    }
  }
  return stages;
}

/** Variables of ARG in a FROM. */
function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (_, plain?: string, name?: string, how?: string, other?: string) => {
      const value = values.get(plain ?? name ?? '') ?? '';
      if (how === '-') return value === '' ? (other ?? '') : value;
      if (how === '+') return value === '' ? '' : (other ?? '');
      return value;
    },
  );
}
