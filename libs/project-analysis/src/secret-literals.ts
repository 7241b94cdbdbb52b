import type { Confidence, Detection, Severity } from './detection';
import { isDevelopmentSettings, isTemplate, isTestFile } from './file-roles';
import { entropyOf, isPlaceholder, masked } from './placeholders';
import type { PythonExpression, PythonModule } from './python-source';

/** Names whose values are secrets; names that only speak of them (`PASSWORD_HASHERS`, `token_url`) are not. */
export const SECRET_NAME =
  /(^|_)(secret|secret_?key|password|passwd|passphrase|api_?key|apikey|auth_?token|access_?token|private_?key|client_?secret|signing_?key|encryption_?key|access_?key|account_?key|dsn_?secret)$/i;
const ENVIRONMENT =
  /^(os\.environ\.get|os\.getenv|os\.environ\.setdefault|environ\.get|decouple\.config)$|(^|\.)(env|config)(\.str)?$/;
const MIN_LENGTH = 8;
const RANDOM = 3;

/** Secrets that stand as text in Python code: values of settings, of dictionaries and arguments, and defaults of the environment. */
export function findSecretLiterals(modules: readonly PythonModule[]): Detection[] {
  const found: Detection[] = [];
  for (const module of modules) {
    if (isTestFile(module.file) || isTemplate(module.file)) continue;
    for (const { target, value, isConditional } of module.assignments) {
      const name = target.split('.').at(-1) ?? '';
      visit(value, name, module.file, isConditional, found);
    }
    for (const call of module.calls) {
      for (const { name, value } of call.keywords) {
        if (name !== null && value.kind === 'text') visit(value, name, module.file, false, found);
      }
    }
  }
  return withoutRepeats(found);
}

function visit(value: PythonExpression, name: string, file: string, isConditional: boolean, found: Detection[]): void {
  if (value.kind === 'text') {
    const detection = judge(name, value.value, file, value.line, isConditional);
    if (detection) found.push(detection);
  } else if (value.kind === 'dict') {
    for (const { key, value: inner } of value.entries)
      visit(inner, key?.kind === 'text' ? key.value : '', file, isConditional, found);
  } else if (value.kind === 'list' || value.kind === 'tuple') {
    for (const item of value.items) if (item.kind === 'dict') visit(item, '', file, isConditional, found);
  } else if (value.kind === 'operation' && value.operator === 'or') {
    for (const operand of value.operands) visit(operand, name, file, isConditional, found);
  } else if (value.kind === 'operation' && value.operator === 'if') {
    for (const operand of value.operands.slice(1)) visit(operand, name, file, true, found);
  } else if (value.kind === 'call' && ENVIRONMENT.test(value.target.replace(/^\./, ''))) {
    const [variable, second] = value.arguments;
    const fallback = second ?? value.keywords.find((keyword) => keyword.name === 'default')?.value;
    const asked = variable?.kind === 'text' ? variable.value : name;
    if (fallback) visit(fallback, SECRET_NAME.test(asked) ? asked : name, file, isConditional, found);
  }
}

function judge(name: string, text: string, file: string, line: number, isConditional: boolean): Detection | null {
  if (!SECRET_NAME.test(name)) return null;
  const isForDevelopment = isConditional || isDevelopmentSettings(file);
  if (/^(django_?)?secret_?key$/i.test(name) && text !== '' && !/^(env|config):/.test(text)) {
    return secretKey(name, text, file, line, isForDevelopment);
  }
  const looksRandom = text.length >= MIN_LENGTH && /\d/.test(text) && /[A-Za-z]/.test(text) && entropyOf(text) >= RANDOM;
  // Paths, addresses, sentences and names of things are no secrets.
  const isSomethingElse = /\s|^https?:|^\/|^[a-z]+(\.[a-z_]+)+$/i.test(text) || isPlaceholder(text);
  if (!looksRandom || isSomethingElse) return null;
  const confidence: Confidence = isForDevelopment ? 'low' : text.length >= 16 && entropyOf(text) >= 3.5 ? 'high' : 'medium';
  return {
    rule: 'secrets/literal',
    file,
    line,
    message: `${name} stands in the code: ${masked(text)}`,
    severity: isForDevelopment ? 'note' : 'error',
    confidence,
    cwe: 798,
    why: 'Everybody who can read the repository, now or in its history, has it. Read it from the environment and exchange it.',
  };
}

function secretKey(name: string, text: string, file: string, line: number, isForDevelopment: boolean): Detection {
  const isKnown = isPlaceholder(text) || text.length < 20;
  const severity: Severity = isForDevelopment ? 'note' : isKnown ? 'warning' : 'error';
  return {
    rule: isKnown ? 'secrets/django-secret-key-default' : 'secrets/django-secret-key',
    file,
    line,
    message: isKnown ? `${name} falls back to a text that stands in the code` : `${name} stands in the code: ${masked(text)}`,
    severity,
    confidence: isForDevelopment ? 'low' : isKnown ? 'medium' : 'high',
    cwe: 798,
    why: 'Whoever knows it can sign sessions and password resets. Read it from the environment and refuse to start without it.',
  };
}

/** The same text is seen as a keyword of a call and as the value of an assignment. */
function withoutRepeats(found: readonly Detection[]): Detection[] {
  const seen = new Map(
    found.map((detection) => [`${detection.rule}\0${detection.file}\0${detection.line}\0${detection.message}`, detection]),
  );
  return [...seen.values()];
}
