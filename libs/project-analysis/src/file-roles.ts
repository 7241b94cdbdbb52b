/** What a file is for, by its path alone. */

const TESTS =
  /(^|\/)(tests?|testing|test[_-][^/]*|[^/]*_tests?|fixtures|factories|cypress|e2e|visible-checks)(\/|\.py$)|(^|\/)(conftest|factories)\.py$|\.(spec|test)\.[jt]sx?$/i;
const DOCUMENTS = /\.(md|rst|txt|adoc)$|(^|\/)(docs?|documentation|examples?|samples?)\//i;
const TEMPLATES =
  /[._-](example|examples|sample|template|tmpl|dist|tpl|default|defaults|j2|jinja)(\.|$|\/)|(^|\/)(example|sample)[._-]/i;
const LOCKS =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|Pipfile\.lock|pdm\.lock|composer\.lock)$|\.lock$/i;
const MACHINE_MADE =
  /\.(min\.(js|css)|map|svg|ipynb|po|pot)$|(^|\/)(node_modules|vendor|site-packages|staticfiles|bower_components)\//i;
const NO_TEXT =
  /\.(png|jpe?g|gif|ico|webp|avif|pdf|zip|gz|bz2|xz|tar|woff2?|ttf|otf|eot|mp[34]|mov|webm|ogg|wav|pyc|pyd|so|dylib|dll|exe|db|sqlite3?|mo|psd|jar|whl)$/i;
const DEVELOPMENT_SETTINGS =
  /(^|[/_.-])(dev|devel|development|local|locals|test|tests|testing|ci|debug|docker_?dev|example)(_?settings|_?config)?\.py$|(^|\/)(settings|config)_(dev|local|test|ci)[^/]*\.py$/i;

export function isTestFile(file: string): boolean {
  return TESTS.test(file);
}

/** Prose and examples for people. */
export function isDocument(file: string): boolean {
  return DOCUMENTS.test(file) && !/(^|\/)requirements[^/]*\.txt$|(^|\/)requirements\//i.test(file);
}

/** A file that is copied and filled in: `.env.example`. */
export function isTemplate(file: string): boolean {
  return TEMPLATES.test(file);
}

export function isLockFile(file: string): boolean {
  return LOCKS.test(file);
}

/** Written by a program, or by somebody else: minified scripts, vendored packages, translations. */
export function isMachineMade(file: string): boolean {
  return MACHINE_MADE.test(file);
}

export function isBinary(file: string): boolean {
  return NO_TEXT.test(file);
}

/** Settings that no server in production is meant to run with. */
export function isDevelopmentSettings(file: string): boolean {
  return DEVELOPMENT_SETTINGS.test(file);
}
