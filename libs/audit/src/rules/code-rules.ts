import type { CodeSighting } from '../project-facts';
import type { RawFinding, Rule } from './rule';

/** What the sightings of `assets/code_rules.py` and `assets/migrations.py` mean. */
export const CODE_RULES: Readonly<Record<string, Rule>> = {
  'code/eval': { criterion: 'C5', cwe: 95, severity: 'error', why: 'Whoever sends the request runs code on the server.' },
  'code/unpickle': {
    criterion: 'C5',
    cwe: 502,
    severity: 'error',
    why: 'A pickle runs code while it is read: use JSON or signed data.',
  },
  'code/yaml-load': {
    criterion: 'C5',
    cwe: 502,
    severity: 'error',
    why: 'Such a document can run code while it is read: use yaml.safe_load.',
  },
  'code/shell': {
    criterion: 'C5',
    cwe: 78,
    severity: 'error',
    why: 'A text with ; or $() runs other commands: pass a list of arguments, without a shell.',
  },
  'code/sql': {
    criterion: 'C5',
    cwe: 89,
    severity: 'error',
    why: 'A text with a quote changes the statement: pass values as parameters.',
  },
  'code/mark-safe': {
    criterion: 'C5',
    cwe: 79,
    severity: 'error',
    why: "A script in the text runs in other people's browsers: use format_html.",
  },
  'code/html-from-request': {
    criterion: 'C5',
    cwe: 79,
    severity: 'error',
    why: 'A script in the text runs in the browser: render a template.',
  },
  'code/template-from-request': {
    criterion: 'C5',
    cwe: 1336,
    severity: 'error',
    why: 'A template can read settings and more: fill values into a fixed template.',
  },
  'code/open-redirect': {
    criterion: 'C5',
    cwe: 601,
    severity: 'warning',
    why: 'A link to this site leads to another: check it with url_has_allowed_host_and_scheme.',
  },
  'code/path-from-request': {
    criterion: 'C5',
    cwe: 22,
    severity: 'error',
    why: 'A name with ../ reaches other files: look it up or use safe_join.',
  },
  'code/request-forgery': {
    criterion: 'C5',
    cwe: 918,
    severity: 'warning',
    why: 'The server reaches addresses that the outside does not: allow known hosts only.',
  },
  'code/mass-assignment': {
    criterion: 'C3',
    cwe: 915,
    severity: 'error',
    why: 'Fields that nobody meant to be written are written: validate with a form or serializer.',
  },
  'code/all-user-fields': {
    criterion: 'C3',
    cwe: 915,
    severity: 'warning',
    why: 'is_staff and is_superuser are among them: name the fields.',
  },
  'code/plain-password': {
    criterion: 'C2',
    cwe: 256,
    severity: 'error',
    why: 'Passwords are kept as hashes only: use set_password or create_user.',
  },
  'code/password-in-source': {
    criterion: 'C2',
    cwe: 798,
    severity: 'error',
    why: 'Everybody who can read the source knows it: keep a hash in the database.',
  },
  'code/password-hash': {
    criterion: 'C2',
    cwe: 916,
    severity: 'warning',
    why: "Fast hashes are guessed in bulk: use Django's password hashers.",
  },
  'code/weak-random': {
    criterion: 'C2',
    cwe: 338,
    severity: 'warning',
    why: 'The next values can be computed from earlier ones: use the secrets module.',
  },
  'code/jwt-not-verified': {
    criterion: 'C2',
    cwe: 347,
    severity: 'warning',
    why: 'Anybody can write such a token: verify it before its content counts.',
  },
  'code/csrf-exempt': {
    criterion: 'C1',
    cwe: 352,
    severity: 'warning',
    why: "Another site can send this request in the user's name.",
  },
  'code/tls-not-verified': {
    criterion: 'C5',
    cwe: 295,
    severity: 'warning',
    why: 'Whoever stands between reads and changes everything.',
  },
  'code/debugger': { criterion: 'C5', cwe: 489, severity: 'warning', why: 'A worker that reaches it never answers again.' },
  'code/request-without-timeout': {
    criterion: 'C5',
    cwe: 400,
    severity: 'note',
    why: 'One slow service holds all workers: give timeout=.',
  },
  'migrations/none': {
    criterion: 'A5',
    cwe: null,
    severity: 'warning',
    why: 'Its tables are never made where the project is deployed.',
  },
  'migrations/model': {
    criterion: 'A5',
    cwe: null,
    severity: 'error',
    why: 'Every query of it fails where the project is deployed: run makemigrations.',
  },
  'migrations/field': {
    criterion: 'A5',
    cwe: null,
    severity: 'error',
    why: 'Every query of the model fails where the project is deployed: run makemigrations.',
  },
};

/** Findings of what was seen in code; sightings of medium confidence are one step milder than their rule. */
export function judgeCode(sightings: readonly CodeSighting[]): RawFinding[] {
  return sightings.map(({ rule, file, line, what, confidence }) => {
    const known = CODE_RULES[rule];
    if (known === undefined) throw new Error(`No rule is called ${rule}`);
    const severity = known.severity === 'error' && confidence !== 'high' ? 'warning' : known.severity;
    return { ...known, rule, severity, confidence, file, line, message: `${beginning(what)}.` };
  });
}

/** A sentence begins with a capital letter; the name of a function stays as it is written. */
function beginning(what: string): string {
  return /^\S*[.(_]/.test(what) ? what : `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
}
