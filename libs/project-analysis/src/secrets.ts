import { type Confidence, type Detection, inOrder, type Severity } from './detection';
import { isBinary, isDocument, isLockFile, isMachineMade, isTemplate, isTestFile } from './file-roles';
import { entropyOf, isPlaceholder, masked } from './placeholders';
import type { ProjectFiles } from './project-files';
import type { PythonModule } from './python-source';
import { SECRET_FORMATS } from './secret-formats';
import { findSecretLiterals, SECRET_NAME } from './secret-literals';

/** Characters that are looked through; a project with more text than that is told so. */
const MAX_CHARACTERS = 96 * 1024 * 1024;
/** Findings of one file: a thousand keys are one accident. */
const MAX_PER_FILE = 20;
const MAX_ENV_LINES = 2_000;
const REVOKE =
  'Everybody who can read the repository, now or in its history, has it. Revoke it, and read the new one from the environment.';

/**
 * Secrets in the files of a project: forms of tokens that are known, keys, addresses with passwords, `.env` files with values, and, when
 * the Python code was read, values of settings and defaults of the environment. Placeholders and lock files are left out; what stands in
 * tests, in documents and in what machines wrote is a note of low confidence. No secret is in the answer, only its first letters.
 *
 * @param modules of all files, from `tools/read-python`
 */
export function findSecrets(files: ProjectFiles, modules: readonly PythonModule[] = []): Detection[] {
  const found: Detection[] = [...findSecretLiterals(modules)];
  let room = MAX_CHARACTERS;
  for (const file of files.list()) {
    if (isBinary(file) || isLockFile(file)) continue;
    const text = files.read(file);
    if (text === null || text.includes('\0')) continue;
    room -= text.length;
    if (room < 0) {
      found.push(notScanned(file));
      break;
    }
    const isEnvironment = /(^|\/)\.env(\.[^/]*)?$|(^|\/)[^/]+\.env$|(^|\/)\.envs\//.test(file);
    const inFile = [...tokensIn(file, text), ...(isEnvironment ? environmentSecrets(file, text) : [])];
    found.push(...inFile.slice(0, MAX_PER_FILE));
  }
  return inOrder(found);
}

function tokensIn(file: string, text: string): Detection[] {
  const isAside = isTestFile(file) || isDocument(file) || isTemplate(file) || isMachineMade(file);
  const severity: Severity = isAside ? 'note' : 'error';
  const confidence: Confidence = isAside ? 'low' : 'high';
  const found: Detection[] = [];
  for (const { rule, what, pattern, secretOf } of SECRET_FORMATS) {
    for (const match of text.matchAll(pattern)) {
      const secret = secretOf(match);
      if (secret === null) continue;
      const line = lineAt(text, match.index);
      const message = rule === 'secrets/private-key' ? `This is ${what}` : `This is ${what}: ${masked(secret)}`;
      found.push({ rule, file, line, message, severity, confidence, cwe: 798, why: REVOKE });
      if (found.length >= MAX_PER_FILE) return found;
    }
  }
  return found;
}

function environmentSecrets(file: string, text: string): Detection[] {
  if (isTemplate(file) || isTestFile(file)) return [];
  const isForDevelopment = /(^|[/._-])(dev|local|test|ci|development)([/._-]|$)/i.test(file);
  const found: Detection[] = [];
  for (const [index, line] of text.split('\n').slice(0, MAX_ENV_LINES).entries()) {
    const [, name = '', rest = ''] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]{0,100})\s*=\s*(.{0,2000}?)\s*$/.exec(line) ?? [];
    const value = rest.replace(/\s+#.*$/, '').replace(/^(["'])(.*)\1$/, '$2');
    if (!SECRET_NAME.test(name) || isPlaceholder(value) || value.length < 6 || entropyOf(value) < 2) continue;
    found.push({
      rule: 'secrets/env-file',
      file,
      line: index + 1,
      message: `${name} has a value in a file that is part of the project: ${masked(value)}`,
      severity: isForDevelopment ? 'warning' : 'error',
      confidence: isForDevelopment ? 'medium' : 'high',
      cwe: 538,
      why: 'A .env file with values belongs to one machine. Keep it out of the repository and hand in a .env.example without values.',
    });
  }
  return found;
}

/** A secret behind what was not looked at would go unseen, which nobody should earn anything by. */
function notScanned(file: string): Detection {
  return {
    rule: 'secrets/not-scanned',
    file,
    line: 1,
    message: 'From this file on nothing was looked through: the project holds too much text',
    severity: 'warning',
    confidence: 'high',
    cwe: null,
    why: 'Generated data and dumps do not belong into a repository, and hide what does not belong there either.',
  };
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
