import type { CompanionParts } from '../companions/companion-parts';
import { ExpectationFailed, NothingToJudge } from '../expectations';
import { InfrastructureFault } from '../faults';
import { described, ending } from './commands';
import type { CheckSettings, DeployCheck, SettingValue, SettingValues } from './deploy-check-api';
import type { FurtherSandbox } from './further-sandbox-api';

/** Last characters of what a project printed that could not say its settings. */
const MAX_OUTPUT = 1_000;
/** Longest value in the evidence. */
const MAX_VALUE = 200;
/** The values that Django's deployment checks look at, for the evidence; the secret key stays out of it. */
const TOLD =
  /^(ALLOWED_HOSTS|DEBUG|MIDDLEWARE|X_FRAME_OPTIONS|SECURE_\w+|SESSION_COOKIE_(SECURE|HTTPONLY|SAMESITE)|CSRF_(COOKIE_SECURE|USE_SESSIONS|TRUSTED_ORIGINS)|SILENCED_SYSTEM_CHECKS)$/;

/** Nobody's settings are deeper; what is said may be anything. */
const MAX_DEPTH = 40;

/** JSON as `dump_settings.py` writes it: what JSON does not know is an object with one key. */
type Encoded = null | boolean | number | string | readonly Encoded[] | { readonly [kind: string]: Encoded };

interface Said {
  readonly lines: readonly string[];
  readonly values: ReadonlyMap<string, SettingValue>;
}

export function createSettings(tools: CompanionParts): CheckSettings {
  return {
    values: async (options = {}) => {
      const { values } = await ask(tools, options);
      tools.record.addRecord('settings', 'Settings, as the project says them', `${described(options)}${told(values)}`);
      return view(values);
    },
    deployCheck: async ({ overlay = {}, ...options } = {}) => {
      const { lines, values } = await ask(tools, options);
      const over = Object.entries(overlay).map(([name, value]) => JSON.stringify({ name, value: encode(value) }));
      const messages = await deployMessages(tools, [...lines, ...over].join('\n'));
      const ids = messages.map(({ id }) => id);
      const all = new Map([...values, ...Object.entries(overlay)]);
      const text = `${described(options)}${ids.join(', ') || 'no message'}\n${told(all)}`;
      tools.record.addRecord('settings', 'Django’s deployment checks on the settings, run apart from the project', text);
      return { ids, messages, values: view(all) };
    },
  };
}

async function ask(tools: CompanionParts, options: FurtherSandbox): Promise<Said> {
  const companion = await tools.start({ kind: 'settings' }, options);
  const { exit, output, lines, isCut } = await companion.wait();
  const values = new Map<string, SettingValue>();
  for (const line of lines) {
    const said = parse(line);
    if (said === null) continue;
    const value = decode(said.value);
    if (value === undefined) values.delete(said.name);
    else values.set(said.name, value);
  }
  if (exit.kind !== 'exited' || exit.code !== 0 || !values.has('DEBUG')) {
    const why = tools.steady(output).trim().slice(-MAX_OUTPUT);
    tools.record.addRecord('settings', 'Settings that could not be loaded', `${described(options)}${ending(exit)}\n${why}`);
    throw new NothingToJudge(`the settings of the project could not be loaded: it ${ending(exit)}: ${why}`);
  }
  if (isCut) throw new ExpectationFailed('the settings of the project are longer than anybody’s');
  return { lines: lines.filter((line) => parse(line) !== null), values };
}

/** In a sandbox without a line of the submission: whatever goes wrong there is ours, but for values that Django refuses. */
async function deployMessages(tools: CompanionParts, values: string): Promise<DeployCheck['messages']> {
  const companion = await tools.start({ kind: 'deploy-check', values }, {});
  const { exit, output, lines } = await companion.wait();
  if (exit.kind !== 'exited') throw new InfrastructureFault('sandbox-failed', `the deployment checks ${ending(exit)}`);
  if (exit.code !== 0) {
    const last = output.trim().split('\n').at(-1) ?? '';
    throw new NothingToJudge(`Django’s deployment checks cannot read these settings: ${tools.steady(last)}`);
  }
  const messages = lines.map((line) => JSON.parse(line) as DeployCheck['messages'][number]);
  return [...messages].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function parse(line: string): { readonly name: string; readonly value: Encoded } | null {
  try {
    const said: unknown = JSON.parse(line);
    if (typeof said !== 'object' || said === null) return null;
    const { name, value } = said as Record<string, unknown>;
    return typeof name === 'string' && /^[A-Z][A-Z0-9_]*$/.test(name) && value !== undefined
      ? { name, value: value as Encoded }
      : null;
  } catch {
    return null;
  }
}

/** Undefined for what cannot be written down. */
function decode(value: Encoded, depth = 0): SettingValue | undefined {
  if (value === null || typeof value !== 'object') return value;
  if (depth > MAX_DEPTH) return undefined;
  const inside = (each: Encoded): SettingValue => decode(each, depth + 1) ?? null;
  if (Array.isArray(value)) return value.map(inside);
  const [kind, inner] = Object.entries(value as Record<string, Encoded>)[0] ?? [];
  if ((kind === 'tuple' || kind === 'set') && Array.isArray(inner)) return inner.map(inside);
  if (kind !== 'dict' || !Array.isArray(inner)) return undefined;
  const pairs = inner.filter((pair): pair is readonly Encoded[] => Array.isArray(pair));
  return Object.fromEntries(pairs.map(([key, each]) => [String(inside(key ?? null)), inside(each ?? null)]));
}

function encode(value: SettingValue): Encoded {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((each: SettingValue) => encode(each));
  return { dict: Object.entries(value).map(([key, each]) => [key, encode(each as SettingValue)]) };
}

function view(values: ReadonlyMap<string, SettingValue>): SettingValues {
  return { get: (name) => values.get(name), names: [...values.keys()].sort() };
}

function told(values: ReadonlyMap<string, SettingValue>): string {
  const lines = [...values].filter(([name]) => TOLD.test(name)).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return lines
    .sort()
    .map((line) => line.slice(0, MAX_VALUE))
    .join('\n');
}
