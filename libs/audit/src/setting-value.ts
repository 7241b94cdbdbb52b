/**
 * What a setting is, as evaluated by `assets/audit_project.py`: known, a function of environment variables (with what it gives for every
 * text that was tried), one of several for a reason that is not known, or unknown.
 */
export type SettingValue =
  | { readonly kind: 'known'; readonly value: string | number | boolean | null }
  | { readonly kind: 'list'; readonly items: readonly SettingValue[]; readonly open: boolean }
  | {
      readonly kind: 'map';
      readonly entries: readonly { readonly key: string; readonly value: SettingValue }[];
      readonly open: boolean;
    }
  | {
      readonly kind: 'environment';
      readonly names: readonly string[];
      readonly outcomes: readonly Outcome[];
      /** The settings refuse to load under some condition on these variables, perhaps together with others. */
      readonly guarded: boolean;
    }
  | { readonly kind: 'choice'; readonly options: readonly SettingValue[] }
  | { readonly kind: 'unknown'; readonly why: string }
  /** No assignment is reached: Django's default holds. */
  | { readonly kind: 'unset' }
  /** The settings refuse to load. */
  | { readonly kind: 'rejected' };

export interface Outcome {
  /** The variables that are set, all others are not; null when there were too many to try. */
  readonly set: Readonly<Record<string, string>> | null;
  readonly value: SettingValue;
}

/** All values that a setting may have: no `environment` or `choice` at their top. */
export function possibilities(value: SettingValue): SettingValue[] {
  if (value.kind === 'environment') return value.outcomes.flatMap((outcome) => possibilities(outcome.value));
  if (value.kind === 'choice') return value.options.flatMap(possibilities);
  return value.kind === 'rejected' ? [] : [value];
}

/** What holds when no environment variable is set; `rejected` where one is required. */
export function withoutVariables(value: SettingValue): SettingValue {
  if (value.kind !== 'environment') return value;
  const plain = value.outcomes.find(({ set }) => set !== null && Object.keys(set).length === 0);
  return plain === undefined ? { kind: 'rejected' } : withoutVariables(plain.value);
}

/** True only when every possible value is known and satisfies the test. */
export function isAlways(value: SettingValue, test: (value: SettingValue) => boolean): boolean {
  const all = possibilities(value);
  return all.length > 0 && all.every((one) => one.kind !== 'unknown' && test(one));
}

export function isKnown(value: SettingValue, wanted: string | number | boolean | null): boolean {
  return value.kind === 'known' && value.value === wanted;
}

/** As Python sees it; null where that is not known. */
export function truthOf(value: SettingValue): boolean | null {
  switch (value.kind) {
    case 'known':
      return Boolean(value.value);
    case 'list':
      return value.items.length > 0 ? true : value.open ? null : false;
    case 'map':
      return value.entries.length > 0 ? true : value.open ? null : false;
    case 'unset':
      return false;
    default:
      return null;
  }
}

export function textOf(value: SettingValue): string | null {
  return value.kind === 'known' && typeof value.value === 'string' ? value.value : null;
}

/** The entry of a dictionary; `unset` when it surely has none, `unknown` where that is not known. */
export function entryOf(value: SettingValue, key: string): SettingValue {
  if (value.kind === 'map') {
    const entry = value.entries.find((one) => one.key === key);
    if (entry) return entry.value;
    return value.open ? { kind: 'unknown', why: 'may be set elsewhere' } : { kind: 'unset' };
  }
  if (value.kind === 'environment')
    return {
      kind: 'environment',
      names: value.names,
      guarded: value.guarded,
      outcomes: value.outcomes.map(({ set, value: inner }) => ({ set, value: entryOf(inner, key) })),
    };
  if (value.kind === 'choice') return { kind: 'choice', options: value.options.map((option) => entryOf(option, key)) };
  if (value.kind === 'unset' || value.kind === 'rejected') return value;
  return { kind: 'unknown', why: value.kind === 'unknown' ? value.why : 'no dictionary' };
}

/** Texts in a list whose every item is known; null otherwise. */
export function textsOf(value: SettingValue): string[] | null {
  if (value.kind !== 'list' || value.open) return null;
  const texts = value.items.map(textOf);
  return texts.every((text): text is string => text !== null) ? texts : null;
}

/** Whether a text is an item of a list in every case (`yes`), in none (`no`), or neither is sure (`maybe`). */
export function listContains(value: SettingValue, matches: (text: string) => boolean): 'yes' | 'no' | 'maybe' {
  const answers = new Set(
    possibilities(value).map((one) => {
      if (one.kind !== 'list') return one.kind === 'unset' ? 'no' : 'maybe';
      const items = one.items.map((item) => possibilities(item).map((option) => textOf(option)));
      if (items.some((texts) => texts.length > 0 && texts.every((text) => text !== null && matches(text)))) return 'yes';
      const isSure = !one.open && items.every((texts) => texts.every((text) => text !== null && !matches(text)));
      return isSure ? 'no' : 'maybe';
    }),
  );
  const [only] = answers;
  return answers.size === 1 && only !== undefined ? only : 'maybe';
}
