import path from 'node:path';

/** The variables that decide where Assay keeps what it built; the entry point reads them and hands them in. */
export interface HomeVariables {
  readonly ASSAY_HOME?: string | undefined;
  readonly XDG_DATA_HOME?: string | undefined;
}

/**
 * Absolute path of the folder shared by start, test and grade: `$ASSAY_HOME`, else `$XDG_DATA_HOME/assay`, else `~/.local/share/assay`.
 * @param userHome the user's own folder, for example `os.homedir()`
 */
export function assayHome(variables: HomeVariables, userHome: string): string {
  if (variables.ASSAY_HOME) return path.resolve(variables.ASSAY_HOME);
  if (variables.XDG_DATA_HOME) return path.resolve(variables.XDG_DATA_HOME, 'assay');
  return path.resolve(userHome, '.local', 'share', 'assay');
}

/** Package root of this library: works from `src` and from `dist`. */
const PACKAGE_ROOT = path.join(__dirname, '..');

export const LOCK_FILE = path.join(PACKAGE_ROOT, 'runtime', 'requirements.lock');
/** Our own Python files, on both sides of the wall. */
export const ASSETS = path.join(PACKAGE_ROOT, 'assets');
export const LAUNCHER = path.join(ASSETS, 'launcher.py');
export const ZYGOTE_LAUNCHER = path.join(ASSETS, 'zygote_launcher.py');
