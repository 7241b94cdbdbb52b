import type { Detection } from '@assay/project-analysis/detection';
import { isDocument, isMachineMade, isTestFile } from '@assay/project-analysis/file-roles';
import type { ProjectFiles } from '@assay/project-analysis/project-files';

export const NOT_SCANNED = 'secrets/not-scanned';

/** What starts the project's process as another user although the image begins as root. */
const DROPS_RIGHTS =
  /\b(gosu|su-exec|setpriv|s6-setuidgid|runuser|chroot --userspec|setuidgid)\b|^\s*uid\s*=\s*\w|\bsu\s+(-\s+)?-?[a-z]\w*\s+-c\b|--uid[ =]/m;
const STARTS =
  /(^|\/)([^/]*entrypoint[^/]*|[^/]*\.sh|uwsgi[^/]*\.ini|run|[^/]*supervisor[^/]*|Dockerfile[^/]*|[^/]*\.Dockerfile)$/i;
const RUNS_TESTS = /\b(tests?|pytest|tox|nox|unittest|coverage)\b/i;
const PYTHON_IMAGE = /\b(python3?|pip|gunicorn|uwsgi|manage\.py|django|poetry|uv|daphne|uvicorn)\b/i;
/** Keys that apps for browsers and telephones hand out; they are limited by where they are used from. */
const FOR_CLIENTS = /\.(dart|[jt]sx?|vue|html?|swift|kt|xml|plist)$|google-services\.json$/i;
/** Words in small letters, as in every tutorial: nobody's password. */
const STAND_IN = /^["']?[a-z]+([-_]?[a-z]+){0,4}["']?$/;
const TEXT_OF_PEOPLE =
  /(^|\/)(locales?|translations|i18n|static|assets|public|frontend|media)\/|\.(xlf|po|pot|csv|tsv|geojson|snap|svg|css|scss|less|lock|har|sql)$/i;
const MAX_SECRETS_FILE = 300_000;

/** Whether an image is about Python: the frontend beside it is not what is judged. */
export function isPythonImage(files: ProjectFiles, file: string): boolean {
  return PYTHON_IMAGE.test(files.read(file) ?? '');
}

/** The texts in which a secret would be one: tests, documents and what programs wrote are left out. */
export function worthScanning(files: ProjectFiles): ProjectFiles {
  const list = files
    .list()
    .filter((file) => !isTestFile(file) && !isDocument(file) && !isMachineMade(file) && !TEXT_OF_PEOPLE.test(file));
  const read = (file: string): string | null => {
    const text = files.read(file);
    return text !== null && text.length <= MAX_SECRETS_FILE ? text : null;
  };
  return { list: () => list, read };
}

/** One finding for a line: two detectors may see the same secret. */
export function oneEachLine(detections: readonly Detection[]): Detection[] {
  return [...new Map(detections.map((one) => [`${one.file}:${one.line}`, one])).values()];
}

/** One finding for what is said of several compose files of the same services. */
export function oneEachMessage(detections: readonly Detection[]): Detection[] {
  const seen = new Set<string>();
  return detections.filter(({ rule, message }) => {
    const isNew = !seen.has(rule + message);
    seen.add(rule + message);
    return isNew;
  });
}

/** Tells what is true of a file alone but not of the project around it. */
export function falseAlarms(files: ProjectFiles): (detection: Detection) => boolean {
  const paths = files.list();
  const some = (pattern: RegExp, text: RegExp): boolean =>
    paths.some((file) => pattern.test(file) && text.test(files.read(file) ?? ''));
  const dropsRights = some(STARTS, DROPS_RIGHTS);
  const runsTests = some(/^\.github\/workflows\/[^/]+$|^\.gitlab-ci\.yml$/, RUNS_TESTS);
  const isLocked = paths.some((file) => /(^|\/)(uv|poetry|pdm|Pipfile)\.lock$/.test(file));
  const notCommitted = `${files.read('.gitignore') ?? ''}\n${files.read('.gitmodules') ?? ''}`;
  const known = new Set(paths);
  return ({ rule, file, line, message }) => {
    const text = (): string => files.read(file)?.split('\n')[line - 1] ?? '';
    switch (rule) {
      case NOT_SCANNED:
        return false;
      case 'dockerfile/runs-as-root':
        return !dropsRights && startsSomething(files.read(file) ?? '');
      case 'dockerfile/no-healthcheck':
        return startsSomething(files.read(file) ?? '');
      case 'dockerfile/copy-missing':
        return !isMentioned(notCommitted, message);
      case 'ci/no-tests':
        return !runsTests;
      case 'ci/refused':
        // Jobs may be in the files that it includes.
        return !/^include:/m.test(files.read(file) ?? '');
      case 'ci/deploys-untested':
        return /"[^"]*(deploy|release|publish|prod|ship)[^"]*"/i.test(message);
      case 'ci/untrusted-checkout':
        return !isBeside(files.read(file) ?? '', line);
      case 'secrets/google-api-key':
        return !FOR_CLIENTS.test(file);
      case 'secrets/env-file':
        return !STAND_IN.test(valueIn(text()));
      case 'compose/secret':
        return isSecretOf(text(), message);
      case 'secrets/private-key':
        return !/(^|[/._-])tests?([._-]|\/|$)/i.test(file);
      case 'requirements/unbounded':
      case 'requirements/not-pinned':
      case 'requirements/moving-address':
        return !(isLocked && file.endsWith('.toml')) && !isSource(file, files, known);
      default:
        return true;
    }
  };
}

/** Checked out into a folder of its own, as data beside the trusted code. */
function isBeside(workflow: string, line: number): boolean {
  const step = workflow.split('\n').slice(line - 1, line + 12);
  const end = step.findIndex((text, index) => index > 0 && /^\s*-\s/.test(text));
  return (end < 0 ? step : step.slice(0, end)).some((text) => /^\s*path:\s*\S/.test(text));
}

/** A base for other images starts nothing itself. */
function startsSomething(dockerfile: string): boolean {
  return /^\s*(CMD|ENTRYPOINT)\b/im.test(dockerfile);
}

function isMentioned(ignored: string, message: string): boolean {
  const path = /"([^"]+)"/.exec(message)?.[1] ?? '';
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return /\.env$|^\.env|\.json$/.test(name) || (name !== '' && ignored.includes(name));
}

/** The value stands in this very line (not behind an alias of YAML) and looks made up by a program. */
function isSecretOf(line: string, message: string): boolean {
  const name = /\b[A-Z][A-Z0-9_]{3,}\b/.exec(message)?.[0] ?? '';
  const value = valueIn(line.replace(/^\s*-\s*/, '')).replace(/^["']|["']$/g, '');
  return line.includes(name) && value.length >= 12 && /[0-9]/.test(value) && /[A-Za-z]/.test(value);
}

function valueIn(line: string): string {
  return line
    .replace(/^[^=:]*[=:]\s*/, '')
    .replace(/\s+#.*$/, '')
    .trim();
}

/** What a locked file is made from, or the metadata of a package: versions are left open on purpose. */
function isSource(file: string, files: ProjectFiles, known: ReadonlySet<string>): boolean {
  if (file.endsWith('.in')) return known.has(file.replace(/\.in$/, '.txt'));
  return file.endsWith('pyproject.toml') && (files.read(file) ?? '').includes('[build-system]');
}
