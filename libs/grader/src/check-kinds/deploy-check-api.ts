import type { FurtherSandbox } from './further-sandbox-api';

/** `context.settings`: the project's settings, and Django's own deployment checks on them. See docs/checks/deploy-check.md. */
export interface CheckSettings {
  /** The values as the project itself says them, in a sandbox of its own. Fails the check when the settings cannot be loaded. */
  values(options?: FurtherSandbox): Promise<SettingValues>;
  /**
   * Django's deployment checks (`manage.py check --deploy`, tag `security`) on those values, run where no code of the submission is, with
   * nothing silenced. `overlay` replaces values before the checks run: what a deployment sets that the grade cannot.
   */
  deployCheck(options?: FurtherSandbox & { readonly overlay?: Readonly<Record<string, SettingValue>> }): Promise<DeployCheck>;
}

/** Values are what the project says: pair them with what it does (response headers, a page for an error, a refused host). */
export interface SettingValues {
  /** Undefined when there is no such setting, or its value cannot be written as JSON. Tuples and sets come as arrays. */
  get(name: string): SettingValue | undefined;
  readonly names: readonly string[];
}

export type SettingValue = null | boolean | number | string | readonly SettingValue[] | { readonly [key: string]: SettingValue };

export interface DeployCheck {
  /** Of Django's messages, sorted, for example `security.W004`. */
  readonly ids: readonly string[];
  readonly messages: readonly { readonly id: string; readonly level: number; readonly message: string }[];
  readonly values: SettingValues;
}
