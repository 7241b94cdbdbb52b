import type { CheckContext, SubmittedFiles } from '@assay/grader/check-api';

/** Longest Dockerfile or start script that is looked into, in characters: texts of a submission must not keep the judge busy. */
const MAX_TEXT = 65_536;

/** One instruction of a Dockerfile. Source of the syntax: https://docs.docker.com/reference/dockerfile/ */
interface Instruction {
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

interface Stage {
  readonly base: string;
  readonly alias: string | null;
  readonly instructions: readonly Instruction[];
}

const INSTRUCTIONS =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)$/;

/** Instructions in order, continued lines joined, comments left out. Text of a here-document belongs to its instruction. */
function parseDockerfile(text: string): readonly Instruction[] {
  const instructions: Instruction[] = [];
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const start = at;
    let joined = lines[at] ?? '';
    if (/^\s*(#|$)/.test(joined)) continue;
    while (/\\\s*$/.test(joined) && at + 1 < lines.length) {
      at += 1;
      const next = lines[at] ?? '';
      if (!/^\s*#/.test(next)) joined = `${joined.replace(/\\\s*$/, ' ')}${next}`;
    }
    const marker = /<<-?["']?(\w+)["']?/.exec(joined)?.[1];
    while (marker !== undefined && at + 1 < lines.length) {
      at += 1;
      joined += `\n${lines[at]}`;
      if (lines[at]?.trim() === marker) break;
    }
    const [, name = '', rest = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(joined) ?? [];
    instructions.push({ name: name.toUpperCase(), text: rest.trim(), line: start + 1 });
  }
  return instructions;
}

function stagesOf(instructions: readonly Instruction[]): readonly Stage[] {
  const args = new Map<string, string>();
  const stages: { base: string; alias: string | null; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    const last = stages.at(-1);
    if (instruction.name === 'FROM') {
      const words = instruction.text.split(/\s+/).filter((word) => !word.startsWith('--'));
      const base = (words[0] ?? '').replace(
        /\$\{?(\w+)(?::-([^}]*))?\}?/g,
        (_, name: string, other?: string) => args.get(name) ?? other ?? '',
      );
      stages.push({
        base,
        alias: words[1]?.toLowerCase() === 'as' ? (words[2]?.toLowerCase() ?? null) : null,
        instructions: [instruction],
      });
    } else if (last) {
      last.instructions.push(instruction);
    } else if (instruction.name === 'ARG') {
      const [name = '', value = ''] = instruction.text.split('=');
      args.set(name.trim(), value.trim().replace(/^["']|["']$/g, ''));
    }
  }
  return stages;
}

/** Words of the exec form (`["a", "b"]`) or of a plain text. */
function wordsOf(text: string): readonly string[] {
  if (text.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(text);
      if (Array.isArray(parsed)) return parsed.map(String);
    } catch {
      return [];
    }
  }
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Whether a source of COPY is in the project; of a pattern, whether anything begins like it. */
function existsInContext(files: SubmittedFiles, source: string): boolean {
  const path = source.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
  if (path === '' || path === '.') return true;
  const plain = path.split(/[*?[]/)[0] ?? '';
  return files.list().some((file) => (plain === path ? file === path || file.startsWith(`${path}/`) : file.startsWith(plain)));
}

interface Image {
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  readonly final: Stage;
}

/** The project's Dockerfile, read as Docker would read it. */
export function readImage({ files, expect }: CheckContext): Image {
  const text = files.read('Dockerfile');
  expect.ok(text !== null, 'there is a Dockerfile in the root of the project');
  expect.at('Dockerfile');
  expect.ok((text?.length ?? 0) <= MAX_TEXT, 'the Dockerfile has a sensible length');
  const instructions = parseDockerfile(text ?? '');
  const stages = stagesOf(instructions);
  expect.ok(stages.length > 0, 'the Dockerfile has a FROM');
  const final = stages.at(-1) ?? { base: '', alias: null, instructions: [] };
  return { instructions, stages, final };
}

/** The project's Dockerfile, which must be one that `docker build` could follow to the end. */
export function readBuildableImage(context: CheckContext): Image {
  const { files, expect } = context;
  const image = readImage(context);
  const { instructions, stages } = image;
  const unknown = instructions.find((instruction) => !INSTRUCTIONS.test(instruction.name));
  expect.equal(unknown?.name, undefined, 'every instruction of the Dockerfile is known');
  for (const { name, text: copied, line } of instructions.filter((instruction) => /^(COPY|ADD)$/.test(instruction.name))) {
    const flags = copied.match(/--\S+/g) ?? [];
    const from = flags
      .find((flag) => flag.startsWith('--from='))
      ?.slice('--from='.length)
      .toLowerCase();
    const words = wordsOf(copied.replace(/--\S+\s*/g, ''));
    expect.at('Dockerfile', line);
    expect.ok(words.length >= 2, `${name} has a source and a target`);
    if (from !== undefined) {
      const known =
        stages.some((stage, index) => stage.alias === from || String(index) === from) || from.includes('/') || from.includes(':');
      expect.ok(known, `${name} --from=${from} names a stage or an image`);
    } else if (!copied.includes('<<')) {
      for (const source of words.slice(0, -1)) {
        expect.ok(
          /^https?:/.test(source) || existsInContext(files, source),
          `${name} copies "${source}", which is in the project`,
        );
      }
    }
  }
  return image;
}

/** What the image runs, with the text of a start script of the project; comments left out. */
export function startCommand(final: Stage, files: SubmittedFiles): string {
  const last = (name: string) => final.instructions.filter((instruction) => instruction.name === name).at(-1)?.text ?? '';
  const words = [...wordsOf(last('ENTRYPOINT')), ...wordsOf(last('CMD'))];
  const scripts = words
    .filter((word) => word.endsWith('.sh'))
    .map((word) => files.list().find((file) => file.split('/').at(-1) === word.split('/').at(-1)))
    .map((file) => (file === undefined ? '' : (files.read(file) ?? '').slice(0, MAX_TEXT)).replace(/^[ \t]*#.*$/gm, ''));
  return [...words, ...scripts].join(' ');
}
