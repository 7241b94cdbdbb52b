import type { PythonExpression, PythonModule } from './python-source';

/** How gunicorn is told to run. https://docs.gunicorn.org/en/stable/settings.html */
export interface GunicornSettings {
  /** `shop.wsgi:application`; null where nothing names it. */
  readonly application: string | null;
  /** By the names of the configuration file: `workers`, `timeout`, `bind`. What the command says wins. */
  readonly settings: ReadonlyMap<string, GunicornSetting>;
}

export interface GunicornSetting {
  readonly name: string;
  /** Null for what only a running program knows; the default, where a variable of the environment has one. */
  readonly value: string | number | boolean | null;
  /** Worked out when it starts, for example from the number of processors or the environment. */
  readonly isComputed: boolean;
  /** Null for what stands in a command. */
  readonly file: string | null;
  readonly line: number;
}

const SHORT: Readonly<Record<string, string>> = {
  b: 'bind',
  c: 'config',
  k: 'worker_class',
  n: 'proc_name',
  p: 'pidfile',
  t: 'timeout',
  u: 'user',
  w: 'workers',
};
const SWITCHES = new Set([
  'preload',
  'preload_app',
  'reload',
  'daemon',
  'D',
  'capture_output',
  'check_config',
  'no_sendfile',
  'enable_stdio_inheritance',
  'R',
  'proxy_protocol',
]);
const SAME: Readonly<Record<string, string>> = {
  preload: 'preload_app',
  access_logfile: 'accesslog',
  error_logfile: 'errorlog',
  log_level: 'loglevel',
  log_file: 'errorlog',
};

/** Programs that are told of gunicorn and do not start it. */
const NAMING = /^(echo|printf|pip3?|install|which|pkill|killall|grep|#.*)$/;

/** Module-level assignments of a configuration file; what is assigned twice has its last value. */
export function settingsOfModule(module: PythonModule): Map<string, GunicornSetting> {
  const settings = new Map<string, GunicornSetting>();
  for (const { target, operator, value, scope, line, isConditional } of module.assignments) {
    if (scope !== '' || target.includes('.') || target.startsWith('_')) continue;
    const known = knownValue(value);
    const isComputed = known.isComputed || operator !== '=' || isConditional;
    settings.set(target, { name: target, value: known.value, isComputed, file: module.file, line });
  }
  return settings;
}

/**
 * What a command makes of gunicorn; null when it does not start it. The configuration file that it names, or `gunicorn.conf.py`, is read
 * from `modules`, if it is among them.
 *
 * @param words of a command, for example `['gunicorn', 'shop.wsgi', '--workers', '3']`; a shell's text as the last word is looked into
 */
export function gunicornOf(words: readonly string[], modules: readonly PythonModule[]): GunicornSettings | null {
  const flat = words.flatMap((word) => (/\bgunicorn\s/.test(word) ? word.split(/\s+/) : [word]));
  const start = flat.findIndex((word) => /(^|\/)gunicorn$/.test(word));
  const isOnlyNamed = flat.slice(0, Math.max(start, 0)).some((word) => NAMING.test(word));
  if (start === -1 || isOnlyNamed) return null;
  const given = new Map<string, string | true>();
  let application: string | null = null;
  for (let at = start + 1; at < flat.length; at += 1) {
    const word = flat[at] ?? '';
    if (/^(&&|;|\|\|?|&)$/.test(word)) break;
    const [, long, short, value] = /^(?:--([a-z][a-z-]*)|-([a-zA-Z]))=?([\s\S]*)$/.exec(word) ?? [];
    const name = long === undefined ? (SHORT[short ?? ''] ?? short) : long.replaceAll('-', '_');
    if (name === undefined) application ??= word;
    else if (value) given.set(SAME[name] ?? name, value);
    else if (SWITCHES.has(name)) given.set(SAME[name] ?? name, true);
    else {
      at += 1;
      given.set(SAME[name] ?? name, flat[at] ?? '');
    }
  }
  const configured = String(given.get('config') ?? 'gunicorn.conf.py').replace(/^(python:|file:|\.\/)/, '');
  const module = modules.find(
    ({ file }) => file === configured || file.endsWith(`/${configured}`) || configured.endsWith(`/${file}`),
  );
  const settings = module ? settingsOfModule(module) : new Map<string, GunicornSetting>();
  for (const [name, value] of given) {
    settings.set(name, { name, value: typedValue(value), isComputed: String(value).includes('$'), file: null, line: 1 });
  }
  const named = settings.get('wsgi_app')?.value;
  return { application: application ?? (typeof named === 'string' ? named : null), settings };
}

function typedValue(value: string | true): string | number | boolean {
  return value === true ? true : /^\d+$/.test(value) ? Number(value) : value;
}

type Known = Pick<GunicornSetting, 'value' | 'isComputed'>;

function knownValue(value: PythonExpression): Known {
  if (value.kind === 'text' || value.kind === 'number' || value.kind === 'boolean')
    return { value: value.value, isComputed: false };
  if (value.kind === 'none') return { value: null, isComputed: false };
  if (value.kind === 'call') {
    const { target, arguments: args, keywords } = value;
    // A conversion of what it holds.
    if (/^(int|str|float|bool)$/.test(target) && args[0]) return { value: knownValue(args[0]).value, isComputed: true };
    const fallback = args[1] ?? keywords.find(({ name }) => name === 'default')?.value;
    if (/^(os\.environ\.get|os\.getenv|environ\.get)$/.test(target) && fallback)
      return { value: knownValue(fallback).value, isComputed: true };
  }
  if (value.kind === 'operation' && value.operator === 'or') {
    const last = value.operands.at(-1);
    return { value: last ? knownValue(last).value : null, isComputed: true };
  }
  return { value: null, isComputed: true };
}
