import { type Detection, inOrder } from './detection';
import {
  commandWords,
  type Dockerfile,
  type DockerInstruction,
  type DockerStage,
  inForce,
  lineage,
  parseDockerfile,
  variablesOf,
} from './dockerfile';
import { isPlaceholder } from './placeholders';
import type { ProjectFiles } from './project-files';
import { SECRET_NAME } from './secret-literals';

/** Images that are named without a tag or a registry in COPY --from. */
const PUBLIC_IMAGES = new Set(['alpine', 'busybox', 'composer', 'debian', 'golang', 'nginx', 'node', 'python', 'ubuntu']);

/** Dockerfiles that nobody ships. */
const DEVELOPMENT = /(^|[/._-])\.?(dev|devel|development|devcontainer|local|test|tests|ci)([/._-]|$)/i;

/** Sources of all COPY together that are looked for. */
const MAX_SOURCES = 300;

type Found = Omit<Detection, 'file'>;

/** Dockerfiles of a project: `Dockerfile`, `Dockerfile.prod`, `docker/web.Dockerfile`; templates left out; at most 10. */
export function dockerfilesOf(files: ProjectFiles): string[] {
  return files
    .list()
    .filter((file) => /(^|\/)(Dockerfile(\.[\w-]+)?|[\w-]+\.Dockerfile)$/.test(file) && !/\.(j2|tpl|dockerignore)$/.test(file))
    .slice(0, 10);
}

/** What a Dockerfile has to be blamed for; empty when there is no such file. */
export function inspectDockerfile(files: ProjectFiles, file: string): Detection[] {
  const text = files.read(file);
  if (text === null) return [];
  const image = parseDockerfile(text);
  const final = image.stages.at(-1);
  const found = [
    ...image.problems.map(({ line, message }) => refused(line, message)),
    ...(final ? [...basesOf(image), ...userOf(final, files, file), ...layout(final), ...command(final, file)] : []),
    ...secretsIn(image),
    ...copies(image, files, file),
  ];
  return inOrder(found.map((detection) => ({ ...detection, file })));
}

/** Whether a base image names what it is: a digest, or a tag with a version. Stages and `scratch` are pinned. */
export function isPinned(stage: DockerStage): boolean {
  if (stage.parent !== null || stage.base === 'scratch' || /@sha256:[0-9a-f]{64}$/.test(stage.base)) return true;
  const tag = /:([^:/@]+)$/.exec(stage.base)?.[1];
  return tag !== undefined && /\d/.test(tag) && !/latest/i.test(tag);
}

/** Whether the image runs as root: null when the base may have set another user. */
export function runsAsRoot(final: DockerStage): boolean | null {
  const user = inForce(final, 'USER');
  if (user) {
    const name = user.text.replace(/^["']|["']$/g, '');
    if (name.includes('$')) return null;
    return /^(root|[+-]?0+)(:|$)/i.test(name);
  }
  const base = lineage(final).at(-1)?.base ?? '';
  if (/nonroot|unprivileged|rootless/i.test(base)) return false;
  return /^(docker\.io\/)?(library\/)?(python|debian|ubuntu|alpine|node|scratch|nginx|ghcr\.io\/astral-sh\/uv)(?=[:@]|$)/.test(
    base,
  )
    ? true
    : null;
}

function basesOf(image: Dockerfile): Found[] {
  return image.stages
    .filter((stage) => !isPinned(stage))
    .map(({ base, line }) => ({
      rule: 'dockerfile/base-not-pinned',
      line,
      message: `The base image "${base}" is not pinned to a version`,
      severity: 'warning',
      confidence: base.includes('$') || base === '' ? 'low' : 'high',
      cwe: 1357,
      why: 'The next build may get another system than the one that was tested. Name a version, or better a digest.',
    }));
}

/** A start script or supervisor that gives its rights away before it runs the project. */
function dropsRights(final: DockerStage, files: ProjectFiles): boolean {
  const words = [...commandWords(inForce(final, 'ENTRYPOINT')), ...commandWords(inForce(final, 'CMD'))];
  const dropping = /\b(gosu|su-exec|setpriv|runuser|chpst|uwsgi|supervisord|s6-[a-z]+)\b|^\/init$/;
  return words.some((word) => {
    const name = word.split('/').at(-1) ?? '';
    const script = /\.sh$|entrypoint|^start|^run/.test(name)
      ? files.list().find((file) => file === name || file.endsWith(`/${name}`))
      : undefined;
    return dropping.test(word) || (script !== undefined && dropping.test(files.read(script) ?? ''));
  });
}

function userOf(final: DockerStage, files: ProjectFiles, file: string): Found[] {
  const isRoot = runsAsRoot(final);
  if (isRoot === false || (isRoot === null && inForce(final, 'USER') !== null)) return [];
  return [
    {
      rule: 'dockerfile/runs-as-root',
      line: inForce(final, 'USER')?.line ?? final.line,
      message: inForce(final, 'USER') ? 'The image runs as root' : 'No USER is set, so that the image runs as root',
      severity: DEVELOPMENT.test(file) ? 'note' : 'warning',
      confidence: isRoot === true && !dropsRights(final, files) ? 'high' : 'low',
      cwe: 250,
      why: 'Who breaks into the process owns the container and is a step nearer to the host. Create a user and end with USER.',
    },
  ];
}

function layout(final: DockerStage): Found[] {
  const found: Found[] = [];
  const health = inForce(final, 'HEALTHCHECK');
  if (health === null || /^none$/i.test(health.text)) {
    found.push({
      rule: 'dockerfile/no-healthcheck',
      line: health?.line ?? final.line,
      message: 'The image has no HEALTHCHECK',
      severity: 'note',
      confidence: 'high',
      cwe: null,
      why: 'Without one Docker takes a process that hangs for a healthy one. An orchestrator with probes of its own does not need it.',
    });
  }
  const debug = final.instructions
    .filter((instruction) => instruction.name === 'ENV')
    .flatMap((instruction) => variablesOf(instruction).map((variable) => ({ ...variable, line: instruction.line })))
    .find(({ name, value }) => /^(DJANGO_)?DEBUG$/i.test(name) && /^(1|true|yes|on)$/i.test(value ?? ''));
  if (debug) {
    found.push({
      rule: 'dockerfile/debug',
      line: debug.line,
      message: `The image sets ${debug.name}=${debug.value}`,
      severity: 'warning',
      confidence: 'medium',
      cwe: 489,
      why: 'Whoever runs the image without thinking of it shows settings and code to visitors. Leave it to who runs it.',
    });
  }
  return found;
}

function command(final: DockerStage, file: string): Found[] {
  const instruction = inForce(final, 'CMD') ?? inForce(final, 'ENTRYPOINT');
  const words = [...commandWords(inForce(final, 'ENTRYPOINT')), ...commandWords(inForce(final, 'CMD'))];
  if (instruction === null || !words.some((word) => /(^|\s)runserver(\s|$)/.test(word))) return [];
  return [
    {
      rule: 'dockerfile/development-server',
      line: instruction.line,
      message: "The image starts Django's development server",
      severity: DEVELOPMENT.test(file) ? 'note' : 'warning',
      confidence: 'high',
      cwe: 489,
      why: 'It is neither secure nor fast enough for visitors, as its documentation says. Start gunicorn or another server.',
    },
  ];
}

function secretsIn(image: Dockerfile): Found[] {
  const found: Found[] = [];
  for (const instruction of image.instructions.filter(({ name }) => name === 'ENV' || name === 'ARG')) {
    for (const { name, value } of variablesOf(instruction)) {
      if (!SECRET_NAME.test(name) || value === null || isPlaceholder(value) || value.length < 6) continue;
      found.push({
        rule: 'dockerfile/secret',
        line: instruction.line,
        message: `${instruction.name} gives ${name} a value (${value.length} characters)`,
        severity: 'error',
        confidence: 'high',
        cwe: 798,
        why: 'It stays in the image for everybody who can pull it. Hand it in when the container starts, or with RUN --mount=type=secret.',
      });
    }
  }
  return found;
}

/** COPY and ADD of what is not in the project, and of `.env` files. */
function copies(image: Dockerfile, files: ProjectFiles, file: string): Found[] {
  const found: Found[] = [];
  let room = MAX_SOURCES;
  for (const stage of image.stages) {
    for (const instruction of stage.instructions.filter(({ name }) => name === 'COPY' || name === 'ADD')) {
      const from = instruction.flags.get('from');
      const words = copiedWords(instruction);
      if (words.length < 2 && instruction.documents.length === 0) {
        found.push(refused(instruction.line, `${instruction.name} needs a source and a target`));
      } else if (from !== undefined) {
        if (!isKnownSource(from, stage, image))
          found.push(refused(instruction.line, `--from=${from} names no earlier stage and no image`));
      } else {
        const sources = words.slice(0, -1).slice(0, Math.max(room, 0));
        room -= sources.length;
        for (const source of sources) found.push(...copied(source, instruction, files, file));
      }
    }
  }
  return found;
}

function copied(source: string, { name, line }: DockerInstruction, files: ProjectFiles, file: string): Found[] {
  const found: Found[] = [];
  if (/^([a-z]+:\/\/|git@|<<|\$)|\$\{/.test(source)) return found;
  if (!isInContext(files, source, file) && !isLeftOut(files, source)) {
    found.push({
      rule: 'dockerfile/copy-missing',
      line,
      message: `${name} takes "${source}", which is not in the project`,
      severity: 'error',
      confidence: 'medium',
      cwe: null,
      why: 'The build stops there, unless something makes the file before.',
    });
  }
  if (/(^|\/)\.env$/.test(source)) {
    found.push({
      rule: 'dockerfile/copies-env-file',
      line,
      message: `${name} puts "${source}" into the image`,
      severity: 'warning',
      confidence: 'high',
      cwe: 538,
      why: 'Its values stay in the image for everybody who can pull it. Hand them in when the container starts.',
    });
  }
  return found;
}

/** Sources and target of COPY or ADD. */
export function copiedWords(instruction: DockerInstruction): readonly string[] {
  const words = instruction.exec ?? instruction.text.split(/\s+/).filter((word) => word !== '');
  return words.map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
}

function isKnownSource(from: string, stage: DockerStage, image: Dockerfile): boolean {
  const earlier = image.stages.slice(0, image.stages.indexOf(stage));
  const isStage = earlier.some((other, index) => other.name === from.toLowerCase() || String(index) === from);
  return isStage || /[/:.$]/.test(from) || PUBLIC_IMAGES.has(from);
}

/** Named by `.gitignore`: it is made before the build, or kept to oneself. */
function isLeftOut(files: ProjectFiles, source: string): boolean {
  const path = source.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
  const ignored = (files.read('.gitignore') ?? '').split('\n', 1_000).map((line) => line.trim().replace(/^\/|\/$/g, ''));
  return ignored.some(
    (line) => line !== '' && !/^[#!]/.test(line) && (line === path || path.startsWith(`${line}/`) || path.endsWith(`/${line}`)),
  );
}

/** Whether a source is in the project, seen from its root or from the folder of the Dockerfile; of a pattern, whether anything begins like it. */
export function isInContext(files: ProjectFiles, source: string, dockerfile: string): boolean {
  const path = source.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
  if (path === '' || path === '.' || path.startsWith('..')) return true;
  const plain = path.split(/[*?[]/)[0] ?? '';
  const folder = dockerfile.includes('/') ? dockerfile.slice(0, dockerfile.lastIndexOf('/') + 1) : '';
  const exists = (prefix: string): boolean =>
    files
      .list()
      .some((file) =>
        plain === path ? file === prefix + path || file.startsWith(`${prefix}${path}/`) : file.startsWith(prefix + plain),
      );
  return exists('') || exists(folder);
}

function refused(line: number, message: string): Found {
  return {
    rule: 'dockerfile/refused',
    line,
    message: `docker build refuses it: ${message}`,
    severity: 'error',
    confidence: 'high',
    cwe: null,
    why: 'No image comes of it.',
  };
}
