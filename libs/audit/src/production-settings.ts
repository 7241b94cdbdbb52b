import type { SettingsFacts } from './project-facts';
import type { SettingValue } from './setting-value';
import type { SettingName } from './settings-read';

export interface PlacedSetting {
  readonly value: SettingValue;
  readonly file: string;
  readonly line: number;
}

const FIRST_GUESS = 8;
const FOR_DEVELOPMENT = 10;

/** The settings that production most likely runs with, for rules to ask. */
export class ProductionSettings {
  constructor(private readonly facts: SettingsFacts) {}

  get file(): string {
    return this.facts.file;
  }

  /** How sure it is that production runs with them; null when they are made for development or tests. */
  get certainty(): 'high' | 'medium' | null {
    if (this.facts.rank >= FOR_DEVELOPMENT) return null;
    return this.facts.rank >= FIRST_GUESS ? 'medium' : 'high';
  }

  /** A setting with its place; the first line of the file when it is not set. */
  get(name: SettingName): PlacedSetting {
    const known = this.facts.values[name];
    if (known) return known;
    const { open, file } = this.facts;
    return { value: open === null ? { kind: 'unset' } : { kind: 'unknown', why: open }, file, line: 1 };
  }

  value(name: SettingName): SettingValue {
    return this.get(name).value;
  }
}
