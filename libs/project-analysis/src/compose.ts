import { listOf, mapOf, readYaml, textOf } from './yaml-text';

/** A compose file as `docker compose` reads it, variables left as they are written. https://docs.docker.com/reference/compose-file/ */
export interface ComposeFile {
  readonly file: string;
  readonly services: readonly ComposeService[];
  /** Names of `volumes`, `networks` and `secrets` at the top. */
  readonly volumes: readonly string[];
  readonly secrets: readonly string[];
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

export interface ComposeService {
  readonly name: string;
  readonly line: number;
  readonly image: string | null;
  readonly build: { readonly context: string; readonly dockerfile: string; readonly line: number } | null;
  /** Words of the command; a text is split at blanks. */
  readonly command: readonly string[];
  readonly environment: readonly ComposeVariable[];
  readonly environmentFiles: readonly { readonly path: string; readonly isRequired: boolean; readonly line: number }[];
  readonly ports: readonly ComposePort[];
  /** `source:target[:mode]`; the long form is written like that. */
  readonly volumes: readonly { readonly text: string; readonly line: number }[];
  readonly dependsOn: readonly { readonly service: string; readonly condition: string; readonly line: number }[];
  readonly hasHealthCheck: boolean;
  readonly restart: string | null;
  readonly user: string | null;
  readonly isPrivileged: boolean;
  readonly profiles: readonly string[];
  /** Line of a key of the service, or of the service itself. */
  lineOf(...path: (string | number)[]): number;
}

export interface ComposeVariable {
  readonly name: string;
  /** Null when it is taken from the shell. */
  readonly value: string | null;
  readonly line: number;
}

export interface ComposePort {
  /** The published address; '' for all of the machine. */
  readonly host: string;
  readonly published: string | null;
  readonly target: string;
  readonly line: number;
}

/** Never throws: what cannot be read is a problem. */
export function parseCompose(file: string, text: string): ComposeFile {
  const yaml = readYaml(text);
  const problems = yaml.problem ? [yaml.problem] : [];
  const top = mapOf(yaml.value);
  const given = mapOf(top.services);
  if (!yaml.problem && Object.keys(given).length === 0) problems.push({ line: 1, message: 'there are no services' });
  const services = Object.keys(given).map((name) =>
    serviceOf(name, mapOf(given[name]), (path) => yaml.lineOf(['services', name, ...path])),
  );
  return { file, services, volumes: Object.keys(mapOf(top.volumes)), secrets: Object.keys(mapOf(top.secrets)), problems };
}

function serviceOf(
  name: string,
  given: Readonly<Record<string, unknown>>,
  lineAt: (path: (string | number)[]) => number,
): ComposeService {
  const health = mapOf(given.healthcheck);
  return {
    name,
    line: lineAt([]),
    image: textOf(given.image),
    build: buildOf(given.build, lineAt(['build'])),
    command: wordsOf(given.command),
    environment: variablesOf(given.environment, (step) => lineAt(['environment', step])),
    environmentFiles: (Array.isArray(given.env_file) ? given.env_file : given.env_file === undefined ? [] : [given.env_file]).map(
      (item, index) => ({
        path: textOf(item) ?? textOf(mapOf(item).path) ?? '',
        isRequired: mapOf(item).required !== false,
        line: lineAt(['env_file', index]),
      }),
    ),
    ports: listOf(given.ports).map((port, index) => portOf(port, lineAt(['ports', index]))),
    volumes: listOf(given.volumes).map((volume, index) => ({ text: volumeOf(volume), line: lineAt(['volumes', index]) })),
    dependsOn: dependenciesOf(given.depends_on, (step) => lineAt(['depends_on', step])),
    hasHealthCheck: health.test !== undefined && health.disable !== true && !/^none$/i.test(textOf(listOf(health.test)[0]) ?? ''),
    restart: textOf(given.restart),
    user: textOf(given.user),
    isPrivileged: given.privileged === true,
    profiles: listOf(given.profiles).flatMap((profile) => textOf(profile) ?? []),
    lineOf: (...path) => lineAt(path),
  };
}

function buildOf(build: unknown, line: number): ComposeService['build'] {
  if (build === undefined || build === null) return null;
  const { context, dockerfile } = mapOf(build);
  return { context: textOf(build) ?? textOf(context) ?? '.', dockerfile: textOf(dockerfile) ?? 'Dockerfile', line };
}

function wordsOf(command: unknown): readonly string[] {
  if (Array.isArray(command)) return command.flatMap((word) => textOf(word) ?? []);
  return (textOf(command) ?? '').split(/\s+/).filter((word) => word !== '');
}

function variablesOf(environment: unknown, lineAt: (step: string | number) => number): ComposeVariable[] {
  if (Array.isArray(environment)) {
    return environment.map((item, index) => {
      const [, name = '', value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(textOf(item) ?? '') ?? [];
      return { name, value: value ?? null, line: lineAt(index) };
    });
  }
  return Object.entries(mapOf(environment)).map(([name, value]) => ({ name, value: textOf(value), line: lineAt(name) }));
}

function portOf(port: unknown, line: number): ComposePort {
  const long = mapOf(port);
  const short = textOf(port);
  if (short === null) {
    return { host: textOf(long.host_ip) ?? '', published: textOf(long.published), target: textOf(long.target) ?? '', line };
  }
  const [, host = '', published, target = ''] =
    /^(?:(\[[^\]]*\]|\d+\.\d+\.\d+\.\d+|\$\{[^}]*\}(?=:[^:]*:)):)?(?:(\$\{[^}]*\}|[^:]*):)?([^:/]+)(?:\/\w+)?$/.exec(short) ?? [];
  return { host, published: published ?? null, target, line };
}

function volumeOf(volume: unknown): string {
  const long = mapOf(volume);
  return (
    textOf(volume) ?? [textOf(long.source) ?? '', textOf(long.target) ?? '', ...(long.read_only === true ? ['ro'] : [])].join(':')
  );
}

function dependenciesOf(given: unknown, lineAt: (step: string | number) => number): ComposeService['dependsOn'] {
  if (Array.isArray(given)) {
    return given.map((service, index) => ({ service: textOf(service) ?? '', condition: 'service_started', line: lineAt(index) }));
  }
  return Object.entries(mapOf(given)).map(([service, how]) => ({
    service,
    condition: textOf(mapOf(how).condition) ?? 'service_started',
    line: lineAt(service),
  }));
}
