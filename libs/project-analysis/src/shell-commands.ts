/** One command of a shell text. */
export interface ShellCommand {
  /** The words, without assignments before and runners such as `poetry run` or `python -m`. */
  readonly words: readonly string[];
  /** Line in the text, counted from 0. */
  readonly line: number;
  /** Its failure fails nothing: `|| true`, `|| echo`, `!`, the left side of a pipe, or in the background. */
  readonly isIgnored: boolean;
}

/** What a command is for. */
export type Purpose =
  | 'tests'
  | 'lint'
  | 'types'
  | 'migration-check'
  | 'deploy-check'
  | 'dependency-audit'
  | 'image-build'
  | 'deploy';

/** Longest text that is looked into, in characters. */
const MAX_TEXT = 65_536;
/** Programs that only run the one that follows, with the words that they take themselves. */
const RUNNERS: readonly RegExp[] = [
  /^(sudo|time|exec|env|nohup|xvfb-run|command)$/,
  /^(poetry|uv|pipenv|pdm|hatch|rye) run( (--(python|with|group|extra|package|directory|project)|-[pCP]) \S+| -\S+)*$/,
  /^(uvx|pipx run)$/,
  /^(python[\d.]*|coverage run|python[\d.]* -m coverage run) -m$/,
  /^(docker[ -]compose|podman-compose)( -f \S+| --\S+)* (run|exec)( -\S+)* \S+$/,
  /^docker (run|exec)( -\S+)* \S+$/,
  /^coverage run( -\S+)*$/,
];
/** What succeeds after `||`, whatever failed before it. */
const SUCCEEDS = /^(true|:|exit 0|(echo|printf)( .*)?)$/;
const FAILS = /\b(exit|return) +([1-9$]|"\$)|\bfalse\b/;
const LINTERS = /^(ruff|flake8|pylint|black|isort|pycodestyle|pydocstyle|bandit|djlint|pre-commit|prospector|pyflakes|eslint)$/;

/** The commands of a shell text in order; comments, here-documents and texts in quotes are none. */
export function commandsOf(text: string): ShellCommand[] {
  const commands: ShellCommand[] = [];
  const lines = text.slice(0, MAX_TEXT).split('\n');
  let end: string | null = null;
  for (let at = 0; at < lines.length; at += 1) {
    if (end !== null) {
      if (lines[at]?.trim() === end) end = null;
      continue;
    }
    const start = at;
    let joined = lines[at] ?? '';
    while (joined.endsWith('\\') && at + 1 < lines.length) {
      at += 1;
      joined = `${joined.slice(0, -1)} ${lines[at]}`;
    }
    end = /<<-?\s*["']?(\w+)["']?/.exec(joined)?.[1] ?? null;
    for (const { words, isIgnored } of partsOf(joined)) {
      const plain = withoutRunners(words);
      if (plain.length > 0) commands.push({ words: plain, line: start, isIgnored });
    }
  }
  return commands;
}

/** What a command does for a pipeline; empty for what nobody can tell, `echo` and `--help` included. */
export function purposesOf(words: readonly string[]): Purpose[] {
  const [program = '', ...rest] = words.map((word, index) => (index === 0 ? (word.split('/').at(-1) ?? '') : word));
  const line = rest.join(' ');
  const has = (...names: string[]): boolean => names.some((name) => rest.includes(name));
  if (has('--help', '--version', '-h')) return [];
  if (/^(pytest|py\.test|tox|nox|unittest|nose2)$/.test(program)) return has('--collect-only', '--co') ? [] : ['tests'];
  const isManage =
    /^(manage\.py|django-admin)$/.test(program) ||
    (program.startsWith('python') && /(^|\/)manage\.py$/.test(rest[0] ?? '')) ||
    program === 'django';
  if (isManage) {
    const verbs = program.startsWith('python') ? rest.slice(1) : rest;
    const verb = verbs.find((word) => !word.startsWith('-'));
    if (verb === 'test') return ['tests'];
    if (verb === 'makemigrations' && verbs.some((word) => word === '--check')) return ['migration-check'];
    if (verb === 'check' && verbs.includes('--deploy')) return ['deploy-check'];
    return [];
  }
  if (LINTERS.test(program)) return ['lint'];
  if (/^(mypy|pyright|pytype)$/.test(program)) return ['types'];
  if (/^(pip-audit|safety)$/.test(program)) return ['dependency-audit'];
  if (program === 'make' || program === 'just') return rest.flatMap(purposeOfTarget);
  if (/^(docker|podman|buildah)$/.test(program) && /^(buildx )?(build|bake|compose build)\b/.test(line)) return ['image-build'];
  const deploys =
    /^(flyctl|fly|railway|eb|dokku|kamal|cap|ansible-playbook)$/.test(program) ||
    (program === 'kubectl' && has('apply', 'set', 'rollout', 'replace')) ||
    (program === 'helm' && has('upgrade', 'install')) ||
    (program === 'gcloud' && has('deploy')) ||
    (program === 'aws' && /\b(update-service|deploy|update-function-code)\b/.test(line)) ||
    (program === 'heroku' && /container:release|deploy/.test(line)) ||
    (program === 'git' && rest[0] === 'push' && /heroku|dokku|production/.test(line)) ||
    program === 'ssh' ||
    (/^(rsync|scp)$/.test(program) && rest.some((word) => /^[^/-][^/]*:/.test(word)));
  return deploys ? ['deploy'] : [];
}

/** Whether a command that nobody can tell the purpose of may well run tests: `npm test`, `./run_checks.sh`, `make ci`. */
export function mayTest(words: readonly string[]): boolean {
  const [program = '', first = ''] = words;
  const isSetup =
    /^(pip3?|apt|apt-get|apk|echo|printf|cp|mv|mkdir|createdb|psql|git|cat|curl|wget|export|cd)$/.test(program) ||
    /^(install|sync|add)$/.test(first);
  return (
    !isSetup &&
    purposesOf(words).length === 0 &&
    words.some((word) => /test|tox|check|verify|coverage|(^|[-_:./])ci($|[-_:./])/i.test(word))
  );
}

/** Targets of make are taken at their names. */
function purposeOfTarget(target: string): Purpose[] {
  if (/^tests?([-_].*)?$/.test(target)) return ['tests'];
  if (/^lint$/.test(target)) return ['lint'];
  return /^deploy/.test(target) ? ['deploy'] : [];
}

/** Splits a line at the operators of the shell outside of quotes. */
function partsOf(line: string): { words: string[]; isIgnored: boolean }[] {
  const parts: { words: string[]; isIgnored: boolean }[] = [];
  let words: string[] = [];
  let word = '';
  let isWord = false;
  let quote = '';
  const endWord = (): void => {
    if (isWord) words.push(word);
    word = '';
    isWord = false;
  };
  const endPart = (operator: string): void => {
    endWord();
    const last = parts.at(-1);
    if (last && parts.length === orAt && SUCCEEDS.test(words.join(' ')) && !FAILS.test(line)) last.isIgnored = true;
    if (words.length > 0) parts.push({ words, isIgnored: operator === '|' || operator === '&' || words[0] === '!' });
    words = [];
    orAt = operator === '||' ? parts.length : -1;
  };
  let orAt = -1;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      isWord = true;
    } else if (character === '\\') {
      at += 1;
      word += line[at] ?? '';
      isWord = true;
    } else if (character === '#' && !isWord) {
      break;
    } else if (/\s/.test(character)) {
      endWord();
    } else if (character === '&' && (/[<>]/.test(line[at - 1] ?? '') || line[at + 1] === '>')) {
      word += character; // of a redirection
      isWord = true;
    } else if (/[;&|()]/.test(character)) {
      const isDouble = line[at + 1] === character && character !== '(' && character !== ')';
      endPart(isDouble ? character + character : character);
      if (isDouble) at += 1;
    } else {
      word += character;
      isWord = true;
    }
  }
  endPart('');
  return parts;
}

function withoutRunners(words: readonly string[]): readonly string[] {
  let left = words.filter((word) => !/^(if|then|else|fi|do|done|while|!|\{|\})$/.test(word));
  for (let step = 0; step < 6; step += 1) {
    const assignments = left.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
    if (assignments > 0) left = left.slice(assignments);
    const length = runnerLength(left);
    if (length === 0) return left;
    left = left.slice(length);
  }
  return left;
}

/** The most words at the beginning that only run what follows. */
function runnerLength(words: readonly string[]): number {
  for (let length = Math.min(words.length - 1, 12); length > 0; length -= 1) {
    const head = words.slice(0, length).join(' ');
    if (RUNNERS.some((runner) => runner.test(head))) return length;
  }
  return 0;
}
