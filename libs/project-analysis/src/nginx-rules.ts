import { type Detection, inOrder } from './detection';
import {
  directivesNamed,
  inForceAt,
  locationsOf,
  type NginxConfig,
  type NginxDirective,
  type NginxLocation,
  parseNginx,
} from './nginx';
import type { ProjectFiles } from './project-files';

const SECURITY_HEADERS =
  /^(strict-transport-security|content-security-policy|x-frame-options|x-content-type-options|referrer-policy)$/i;

/** Configurations of nginx in a project, at most 10, those that another one includes left out. */
export function nginxFilesOf(files: ProjectFiles): string[] {
  const candidates = files
    .list()
    .filter((file) =>
      /(^|\/)([\w-]*nginx[\w-]*\.conf|nginx\/.*\.conf|sites-(available|enabled)\/[^/]+)(\.template)?$/i.test(file),
    )
    .slice(0, 10);
  const included = new Set(
    candidates.flatMap((file) =>
      directivesIn(files, file)
        .map((directive) => directive.file)
        .filter((other) => other !== file),
    ),
  );
  return candidates.filter((file) => !included.has(file));
}

function directivesIn(files: ProjectFiles, file: string): NginxDirective[] {
  const all = (directives: readonly NginxDirective[]): NginxDirective[] =>
    directives.flatMap((directive) => [directive, ...all(directive.block ?? [])]);
  return all(parseNginx(files, file).directives);
}

/** What a configuration of nginx has to be blamed for; empty when there is no such file. */
export function inspectNginx(files: ProjectFiles, file: string): Detection[] {
  const config = parseNginx(files, file);
  return inOrder([
    ...config.problems.map(({ file: where, line, message }) => ({
      ...at({ file: where, line }, 'nginx/refused', `nginx refuses it: ${message}`),
      severity: 'error' as const,
      why: 'It does not start with it.',
    })),
    ...locationsOf(config.directives).flatMap((location) => [
      ...escapes(location),
      ...lostHeaders(location),
      ...forwarded(location),
    ]),
    ...everywhere(config),
  ]);
}

function at(place: { file: string; line: number }, rule: string, message: string): Detection {
  return { rule, file: place.file, line: place.line, message, severity: 'warning', confidence: 'high', cwe: null, why: '' };
}

/** `location /static { alias /srv/static/; }`: `/static../settings.py` leads out of the folder. */
function escapes({ directive, modifier, path }: NginxLocation): Detection[] {
  const alias = directive.block?.find(({ name }) => name === 'alias');
  const isOpen =
    alias !== undefined && !path.endsWith('/') && (alias.args[0] ?? '').endsWith('/') && (modifier === '' || modifier === '^~');
  if (!isOpen) return [];
  return [
    {
      ...at(directive, 'nginx/alias-escape', `"location ${path}" without a slash at its end, with an alias that has one`),
      severity: 'error',
      cwe: 22,
      why: `A request for ${path}../ leads out of the folder. End the location with a slash.`,
    },
  ];
}

function lostHeaders({ directive, levels, path }: NginxLocation): Detection[] {
  const [own = [], ...outer] = levels;
  const mine = own.filter(({ name }) => name === 'add_header');
  if (mine.length === 0) return [];
  const around = outer.map((level) => level.filter(({ name }) => name === 'add_header')).find((found) => found.length > 0) ?? [];
  const lost = around.find(
    ({ args }) => SECURITY_HEADERS.test(args[0] ?? '') && !mine.some((other) => sameHeader(other, args[0] ?? '')),
  );
  if (!lost) return [];
  return [
    {
      ...at(mine[0] ?? directive, 'nginx/headers-lost', `"location ${path}" loses ${lost.args[0]} of the level around it`),
      cwe: 693,
      why: 'One add_header in a block takes all those around it away. Repeat them, or include them from a file.',
    },
  ];
}

function sameHeader(directive: NginxDirective, name: string): boolean {
  return (directive.args[0] ?? '').toLowerCase() === name.toLowerCase();
}

/** Django needs to know host and scheme of the visitor. */
function forwarded(location: NginxLocation): Detection[] {
  const pass = location.directive.block?.find(({ name }) => name === 'proxy_pass');
  if (!pass) return [];
  const includesParams = location.levels.some((level) =>
    level.some(({ name, args }) => name === 'include' && /proxy_params$/.test(args[0] ?? '')),
  );
  const headers = inForceAt(location, 'proxy_set_header').map(({ args }) => (args[0] ?? '').toLowerCase());
  const isStranger = /^https?:\/\/[\w-]+(\.[\w-]+)*\.(com|org|net|io)\b/.test(pass.args[0] ?? '');
  // Other locations may lead to storage or to another service.
  const isForDjango = location.path === '/' || /^(@|\/(api|admin|accounts)\b)/.test(location.path);
  if (!isForDjango || includesParams || isStranger || headers.includes('host') || headers.includes('x-forwarded-host')) return [];
  return [
    {
      ...at(
        pass,
        'nginx/host-not-forwarded',
        `"location ${location.path}" passes requests on without the Host that the visitor asked for`,
      ),
      confidence: 'medium',
      cwe: null,
      why: 'Django then sees the name of the upstream: ALLOWED_HOSTS, links and CSRF checks go wrong. Set proxy_set_header Host $host.',
    },
  ];
}

function everywhere({ directives }: NginxConfig): Detection[] {
  const named = (name: string): NginxDirective[] => directivesNamed(directives, name);
  return [
    ...named('client_max_body_size')
      .filter(({ args }) => args[0] === '0')
      .map((directive) => ({
        ...at(directive, 'nginx/no-body-limit', 'Bodies of any size are taken'),
        cwe: 770,
        why: 'Anybody can fill the disk. Give the largest upload that is meant.',
      })),
    ...named('autoindex')
      .filter(({ args }) => args[0] === 'on')
      .map((directive) => ({
        ...at(directive, 'nginx/autoindex', 'Folders are listed to visitors'),
        confidence: 'medium' as const,
        cwe: 548,
        why: 'Names of files that nobody was to find are shown. Switch autoindex off.',
      })),
    ...named('ssl_protocols')
      .filter(({ args }) => args.some((name) => /^(SSLv[23]|TLSv1|TLSv1\.1)$/.test(name)))
      .map((directive) => ({
        ...at(
          directive,
          'nginx/old-tls',
          `ssl_protocols allows ${directive.args.filter((name) => /^(SSLv[23]|TLSv1|TLSv1\.1)$/.test(name)).join(', ')}`,
        ),
        cwe: 327,
        why: 'These versions are broken and no browser needs them. Leave TLSv1.2 and TLSv1.3.',
      })),
  ];
}
