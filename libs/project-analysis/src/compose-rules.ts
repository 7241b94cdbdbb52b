import { type ComposeFile, type ComposeService, parseCompose } from './compose';
import { type Detection, inOrder } from './detection';
import { entropyOf, isPlaceholder } from './placeholders';
import type { ProjectFiles } from './project-files';
import { SECRET_NAME } from './secret-literals';

type Found = Omit<Detection, 'file'>;

/** What keeps data for others and answers whoever reaches it. */
const STORES = /(^|\/)(postgres|postgis|mysql|mariadb|mongo|redis|valkey|memcached|rabbitmq|elasticsearch|opensearch)(:|@|$)/;
const DEVELOPMENT =
  /(^|[/._-])\.?(dev|devel|development|devcontainer|local|test|tests|testing|ci|override|debug|examples?|samples?|container)([/._-]|$)/i;
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)$/;

/** Compose files of a project, at most 10. */
export function composeFilesOf(files: ProjectFiles): string[] {
  return files
    .list()
    .filter((file) => /(^|\/)(docker-)?compose([.-][\w.-]+)?\.ya?ml$/.test(file))
    .slice(0, 10);
}

/** What a compose file has to be blamed for; empty when there is no such file. @param parsed the file, if it was read */
export function inspectCompose(files: ProjectFiles, file: string, parsed?: ComposeFile): Detection[] {
  const text = files.read(file);
  if (text === null) return [];
  const compose = parsed ?? parseCompose(file, text);
  const isForDevelopment = DEVELOPMENT.test(file);
  const isPartial = /compose[.-][\w-]+\.ya?ml$/.test(file);
  const names = new Set(compose.services.map(({ name }) => name));
  const found = [
    ...compose.problems.map(({ line, message }) => refused(line, message)),
    ...compose.services.flatMap((service) => [
      ...imageOf(service, isForDevelopment),
      ...portsOf(service, isForDevelopment),
      ...secretsIn(service, isForDevelopment),
      ...rightsOf(service),
      // An overlay names services of the file that it lies over.
      ...(isPartial ? [] : references(service, names, files, file)),
    ]),
  ];
  return inOrder(found.map((detection) => ({ ...detection, file })));
}

/** Whether an image names its version; what is built here, or filled in, does. */
export function isPinnedImage(image: string): boolean {
  if (image.includes('$') || /@sha256:[0-9a-f]{64}$/.test(image)) return true;
  const tag = /:([^:/@]+)$/.exec(image)?.[1];
  return tag !== undefined && /\d/.test(tag) && !/latest/i.test(tag);
}

function imageOf(service: ComposeService, isForDevelopment: boolean): Found[] {
  const isStore = STORES.test(service.image ?? '');
  if (service.image === null || service.build !== null || isPinnedImage(service.image)) return [];
  return [
    {
      rule: 'compose/image-not-pinned',
      line: service.lineOf('image'),
      message: `The image "${service.image}" of ${service.name} is not pinned to a version`,
      severity: isStore && !isForDevelopment ? 'warning' : 'note',
      confidence: 'high',
      cwe: 1357,
      why: 'The next machine may get another version, for a database one that cannot read its data.',
    },
  ];
}

function portsOf(service: ComposeService, isForDevelopment: boolean): Found[] {
  if (!STORES.test(service.image ?? '')) return [];
  return service.ports
    .filter(({ host, published }) => published !== null && !LOOPBACK.test(host))
    .map(({ line, published }) => ({
      rule: 'compose/store-on-all-addresses',
      line,
      message: `${service.name} answers on port ${published} of every address of the machine`,
      severity: isForDevelopment ? 'note' : 'warning',
      confidence: isForDevelopment ? 'low' : 'medium',
      cwe: 668,
      why: 'Docker opens it past the firewall of the machine. Services reach each other without it; for yourself, publish 127.0.0.1 only.',
    }));
}

function secretsIn(service: ComposeService, isForDevelopment: boolean): Found[] {
  return service.environment
    .filter(
      ({ name, value }) =>
        SECRET_NAME.test(name) && value !== null && !isPlaceholder(value) && isMixed(value) && entropyOf(value) >= 2.5,
    )
    .map(({ name, value, line }) => ({
      rule: 'compose/secret',
      line,
      message: `${service.name} gives ${name} a value (${value?.length} characters)`,
      severity: isForDevelopment ? 'note' : 'warning',
      confidence: isForDevelopment ? 'low' : 'medium',
      cwe: 798,
      why: 'Everybody who can read the repository has it. Name the variable without a value, or use secrets.',
    }));
}

/** Words alone are the names of things: databases of examples have them for passwords. */
function isMixed(value: string): boolean {
  return value.length >= 8 && /\d/.test(value) && /[A-Za-z]/.test(value);
}

function rightsOf(service: ComposeService): Found[] {
  const found: Found[] = [];
  if (service.isPrivileged) {
    found.push({
      rule: 'compose/privileged',
      line: service.lineOf('privileged'),
      message: `${service.name} is privileged`,
      severity: 'warning',
      confidence: 'high',
      cwe: 250,
      why: 'Who breaks into it owns the machine.',
    });
  }
  const socket = service.volumes.find(({ text }) => /^\/(var\/)?run\/docker\.sock:/.test(text));
  if (socket) {
    found.push({
      rule: 'compose/docker-socket',
      line: socket.line,
      message: `${service.name} holds the socket of Docker`,
      severity: 'warning',
      confidence: 'medium',
      cwe: 250,
      why: 'Who breaks into it can start containers with any rights, which is as good as owning the machine.',
    });
  }
  return found;
}

function references(service: ComposeService, names: ReadonlySet<string>, files: ProjectFiles, file: string): Found[] {
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
  const found = service.dependsOn
    .filter((dependency) => !names.has(dependency.service))
    .map(({ service: other, line }) => refused(line, `${service.name} depends on "${other}", which is no service`));
  if (service.image === null && service.build === null && service.lineOf('extends') === service.line) {
    found.push(refused(service.line, `${service.name} has neither image nor build`));
  }
  const { build } = service;
  if (build && !/[$:]/.test(build.context + build.dockerfile)) {
    const dockerfile = normal(`${folder}${build.context}/${build.dockerfile}`);
    if (dockerfile !== null && !build.dockerfile.startsWith('/') && !files.list().includes(dockerfile)) {
      found.push({
        ...refused(build.line, `${service.name} is built by "${dockerfile}", which is not in the project`),
        confidence: 'medium',
      });
    }
  }
  return found;
}

/** Null when it leads out of the project. */
function normal(path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

function refused(line: number, message: string): Found {
  return {
    rule: 'compose/refused',
    line,
    message: `docker compose refuses it: ${message}`,
    severity: 'error',
    confidence: 'high',
    cwe: null,
    why: 'Nothing starts.',
  };
}
