import type { CheckContext, Checks, SubmittedFiles } from '@assay/grader/check-api';

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
function readImage({ files, expect }: CheckContext): Image {
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
function readBuildableImage(context: CheckContext): Image {
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
function startCommand(final: Stage, files: SubmittedFiles): string {
  const last = (name: string) => final.instructions.filter((instruction) => instruction.name === name).at(-1)?.text ?? '';
  const words = [...wordsOf(last('ENTRYPOINT')), ...wordsOf(last('CMD'))];
  const scripts = words
    .filter((word) => word.endsWith('.sh'))
    .map((word) => files.list().find((file) => file.split('/').at(-1) === word.split('/').at(-1)))
    .map((file) => (file === undefined ? '' : (files.read(file) ?? '').slice(0, MAX_TEXT)).replace(/^[ \t]*#.*$/gm, ''));
  return [...words, ...scripts].join(' ');
}

/** Longest Dockerfile or Python file that is looked into, in characters: texts of a submission must not keep the judge busy. */
const MAX_TEXT = 65_536;

/** Python without comments and without texts in triple quotes. */
function codeOf(python: string): string {
  let code = '';
  for (let at = 0; at < python.length; ) {
    const sign = python.charAt(at);
    let end = at + 1;
    if (sign === '#') {
      end = python.indexOf('\n', at);
    } else if (python.startsWith('"""', at) || python.startsWith("'''", at)) {
      end = python.indexOf(sign.repeat(3), at + 3);
      if (end >= 0) end += 3;
    } else {
      if (sign === '"' || sign === "'") {
        while (end < python.length && python.charAt(end) !== sign && python.charAt(end) !== '\n') {
          end += python.charAt(end) === '\\' ? 2 : 1;
        }
        end += 1;
      }
      code += python.slice(at, end);
    }
    at = end < 0 ? python.length : end;
  }
  return code;
}

function isTestFile(file: string): boolean {
  return /(^|\/)(tests?|visible-checks)(\/|\.py$)|(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/.test(file);
}

/** Shows that the project serves what is in its database, by a book that no answer from memory can know. */
async function showsFreshBook({ database, http, expect }: CheckContext, id: number): Promise<void> {
  await database.query('INSERT INTO catalog_author (id, name) VALUES ($1, $2)', [id, 'Fresh']);
  await database.query(
    `INSERT INTO catalog_book (id, title, isbn, author_id, price, purchase_price, published_on, stock)
     VALUES ($1, $2, $3, $1, 3.21, 1, '2012-03-04', 1)`,
    [id, `Fresh ${id}`, String(9_740_000_000_000 + id)],
  );
  const answer = await http.get(`/api/books/${id}/`, { as: 'visitor' });
  expect.status(answer, 200, 'a book is shown');
  expect.equal(expect.object(answer.json(), 'the book').title, `Fresh ${id}`, 'it is the right one');
}

export const checks: Checks = {
  'e1-served-by-gunicorn': async (context) => {
    const { files, expect } = context;
    const { final } = readImage(context);
    const command = startCommand(final, files);
    expect.ok(/(^|[\s/])gunicorn(\s|$)/.test(command), 'the image starts gunicorn');
    expect.ok(
      /\bbookshop\.wsgi\b/.test(command) || /wsgi_app\s*=\s*["']bookshop\.wsgi/.test(files.read('gunicorn.conf.py') ?? ''),
      'for bookshop.wsgi',
    );
    expect.ok(!/\brunserver\b/.test(command), "and not Django's development server");
    expect.ok(/^gunicorn\b/im.test(files.read('requirements.txt') ?? ''), 'requirements.txt names gunicorn');
  },

  'e2-image-builds': async (context) => {
    const { files, expect } = context;
    const { stages, final } = readBuildableImage(context);
    const runs = stages.flatMap((stage) => stage.instructions).filter((instruction) => instruction.name === 'RUN');
    const install = runs.find((run) => /\b(pip3?|uv|poetry|pipenv)\b[^\n]{0,200}?\b(install|sync)\b/.test(run.text));
    expect.ok(install !== undefined, 'a RUN installs the dependencies');
    for (const [, name = ''] of (install?.text ?? '').matchAll(/(?:-r|--requirement)[\s=]+(\S+)/g)) {
      const base = name.split('/').at(-1);
      expect.ok(
        files.list().some((file) => file.split('/').at(-1) === base),
        `the requirements file "${name}" is in the project`,
      );
    }
    const copies = final.instructions.filter((instruction) => /^(COPY|ADD)$/.test(instruction.name));
    expect.ok(copies.length > 0, 'the project is copied into the image');
    expect.ok(startCommand(final, files) !== '', 'the image says what to run');
  },

  'e2-image-is-pinned-and-unprivileged': async (context) => {
    const { expect } = context;
    const { stages, final } = readBuildableImage(context);
    const aliases = stages.map((stage) => stage.alias);
    for (const { base, instructions } of stages.filter((stage) => !aliases.includes(stage.base.toLowerCase()))) {
      expect.at('Dockerfile', instructions[0]?.line);
      const tag = /^[^\s@]+?:([^:/@]+)(@sha256:[0-9a-f]{64})?$/.exec(base)?.[1];
      const pinned = /@sha256:[0-9a-f]{64}$/.test(base) || (tag !== undefined && /\d+\.\d+/.test(tag) && !/latest/.test(tag));
      expect.ok(base === 'scratch' || pinned, `the base image "${base}" is pinned to a version`);
    }
    const user = final.instructions.filter((instruction) => instruction.name === 'USER').at(-1);
    expect.at('Dockerfile', user?.line);
    expect.ok(user !== undefined, 'the last stage sets a USER');
    expect.ok(!/^["']?(root|0)["']?(:|$)/i.test(user?.text ?? 'root'), 'which is not root');
  },

  'e2-image-has-stages-and-a-health-check': async (context) => {
    const { expect } = context;
    const { stages, final } = readBuildableImage(context);
    expect.ok(stages.length >= 2, 'the image is built in more than one stage');
    const taken = final.instructions.some((instruction) => instruction.name === 'COPY' && /--from=/.test(instruction.text));
    const inherited = stages.some((stage) => stage !== final && stage.alias === final.base.toLowerCase());
    expect.ok(taken || inherited, 'the last stage takes something from another one');
    const health = final.instructions.filter((instruction) => instruction.name === 'HEALTHCHECK').at(-1);
    expect.at('Dockerfile', health?.line);
    expect.ok(health !== undefined && /\bCMD\b/.test(health.text), 'the image has a health check');
  },

  'e4-no-secret-in-the-repository': async ({ files, findings, expect }) => {
    const sources = files.list().filter((file) => file.endsWith('.py') && !isTestFile(file));
    const finding = findings.find((found) => /^S10[567]$/.test(found.rule) && !isTestFile(found.file));
    if (finding) expect.at(finding.file, finding.line);
    expect.equal(finding?.rule, undefined, 'no password or key stands in the code');
    let readFromEnvironment = false;
    for (const file of sources) {
      const code = codeOf((files.read(file) ?? '').slice(0, MAX_TEXT));
      if (/\bSECRET_KEY\s*=\s*[rbf]?["'][^"'\n]/.test(code)) expect.at(file);
      expect.ok(!/\bSECRET_KEY\s*=\s*[rbf]?["'][^"'\n]/.test(code), 'the secret key does not stand in the code');
      const fallback =
        /["']DJANGO_SECRET_KEY["']\s*,\s*(?:default\s*=\s*)?[rbf]?["'][^"'\n]+["']|["']DJANGO_SECRET_KEY["'][^\n]{0,200}\)\s*or\s*["']/;
      if (fallback.test(code)) expect.at(file);
      expect.ok(!fallback.test(code), 'the secret key has no fallback in the code');
      if (/["']DJANGO_SECRET_KEY["']/.test(code)) {
        readFromEnvironment = true;
        expect.at(file);
      }
    }
    expect.ok(readFromEnvironment, 'the secret key is read from DJANGO_SECRET_KEY');
    const dotenv = files.list().find((file) => /(^|\/)\.env(\.(?!example$|sample$|template$|dist$)[^/]*)?$/.test(file));
    expect.equal(dotenv, undefined, 'no .env file is handed in');
  },

  'e4-debug-is-really-off': async (context) => {
    const { http, expect } = context;
    await showsFreshBook(context, 1_500_000);
    for (const path of ['/no-such-page/', '/api/no-such-thing/']) {
      const answer = await http.get(path, { as: 'visitor' });
      expect.status(answer, 404, 'a page that does not exist');
      expect.ok(
        !/URLconf|DEBUG\s*=\s*True|Traceback/.test(answer.text),
        'its answer tells nothing about the inside of the project',
      );
    }
  },

  'e4-only-known-hosts-are-served': async (context) => {
    const { http, expect } = context;
    await showsFreshBook(context, 1_510_000);
    for (const host of ['evil.example', 'localhost.evil.example']) {
      const answer = await http.get('/api/books/1510000/', { as: 'visitor', headers: { host } });
      expect.status(answer, 400, 'a host name that is not in DJANGO_ALLOWED_HOSTS is refused');
    }
  },
};
