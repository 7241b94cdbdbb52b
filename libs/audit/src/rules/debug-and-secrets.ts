import type { ProductionSettings } from '../production-settings';
import { isAlways, isKnown, type Outcome, type SettingValue, textOf, truthOf, withoutVariables } from '../setting-value';
import { finding, type SettingFinding } from './setting-finding';

/** Texts by which people mean "off". */
const MEANT_OFF = new Set(['False', 'false', '0', 'off', 'no', '']);

/** DEBUG on for everybody, on by default, or impossible to turn off. */
export function judgeDebug(settings: ProductionSettings): SettingFinding[] {
  const placed = settings.get('DEBUG');
  const { value } = placed;
  if (isAlways(value, (one) => isKnown(one, true)))
    return [
      isSwitch(value)
        ? finding('settings/debug-never-off', placed, neverOff(value))
        : finding('settings/debug-on', placed, 'DEBUG is on in the settings of production.'),
    ];
  if (value.kind !== 'environment') return [];
  const off = value.outcomes.filter(({ set }) => meansOff(set));
  if (
    off.length > 0 &&
    off.every((outcome) => isOnOrRefused(outcome.value)) &&
    off.some((outcome) => truthOf(outcome.value) === true)
  )
    return [finding('settings/debug-never-off', placed, neverOff(value))];
  if (truthOf(withoutVariables(value)) === true)
    return [
      finding('settings/debug-by-default', placed, `DEBUG is on unless ${value.names.join(' and ')} says otherwise.`, 'medium'),
    ];
  return [];
}

function isSwitch(value: SettingValue): value is Extract<SettingValue, { kind: 'environment' }> {
  return value.kind === 'environment';
}

function neverOff({ names }: Extract<SettingValue, { kind: 'environment' }>): string {
  return `DEBUG comes from ${names.join(' and ')} as text, so that "False" and "0" turn it on too.`;
}

function meansOff(set: Outcome['set']): boolean {
  const texts = Object.values(set ?? {});
  return texts.length === 1 && texts.every((text) => MEANT_OFF.has(text) && text !== '');
}

function isOnOrRefused(value: SettingValue): boolean {
  return value.kind === 'rejected' || truthOf(value) === true;
}

/** SECRET_KEY that stands in the repository, always or when the environment gives none. */
export function judgeSecretKey(settings: ProductionSettings): SettingFinding[] {
  const placed = settings.get('SECRET_KEY');
  const { value } = placed;
  if (isAlways(value, isKeyText) && value.kind !== 'environment')
    return [finding('settings/secret-key-in-source', placed, 'SECRET_KEY of the settings of production stands in the source.')];
  if (value.kind !== 'environment' || value.guarded) return [];
  const fallback = withoutVariables(value);
  if (isKeyText(fallback))
    return [
      finding(
        'settings/secret-key-by-default',
        placed,
        `SECRET_KEY is a key from the source when ${value.names.join(' and ')} is not set.`,
        'medium',
      ),
    ];
  return [];
}

/** Django refuses to start with an empty key. */
function isKeyText(value: SettingValue): boolean {
  const text = textOf(value);
  return text !== null && text !== '';
}
