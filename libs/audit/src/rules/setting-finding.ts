import type { AuditConfidence } from '@assay/contracts/audit-report';
import type { PlacedSetting } from '../production-settings';
import type { Rule } from './rule';

/** What the rules about settings mean. */
export const SETTING_RULES = {
  'settings/debug-on': {
    criterion: 'C1',
    cwe: 489,
    severity: 'error',
    why: 'Every error page shows source, settings and queries to anybody.',
  },
  'settings/debug-never-off': {
    criterion: 'C1',
    cwe: 489,
    severity: 'error',
    why: 'Any text but an empty one is true: compare it, or use env.bool.',
  },
  'settings/debug-by-default': {
    criterion: 'C1',
    cwe: 1188,
    severity: 'warning',
    why: 'A server where the variable was forgotten shows source and settings: let the default be off.',
  },
  'settings/secret-key-in-source': {
    criterion: 'E4',
    cwe: 798,
    severity: 'error',
    why: 'Whoever reads the repository can sign sessions and password resets: read the key from the environment.',
  },
  'settings/secret-key-by-default': {
    criterion: 'E4',
    cwe: 798,
    severity: 'warning',
    why: 'A server where the variable was forgotten runs with a key that everybody can read: refuse to start instead.',
  },
  'settings/allowed-hosts-any': {
    criterion: 'C1',
    cwe: 20,
    severity: 'warning',
    why: 'Links in mails can be made to lead to another site by a forged Host header.',
  },
  'settings/no-security-middleware': {
    criterion: 'C1',
    cwe: 693,
    severity: 'warning',
    why: 'SECURE_* settings do nothing without it.',
  },
  'settings/no-csrf-middleware': {
    criterion: 'C1',
    cwe: 352,
    severity: 'error',
    why: "Other sites can send forms in a signed-in user's name.",
  },
  'settings/no-frame-protection': {
    criterion: 'C5',
    cwe: 1021,
    severity: 'warning',
    why: 'Other sites can show these pages in a frame and have them clicked.',
  },
  'settings/session-cookie-insecure': {
    criterion: 'C5',
    cwe: 614,
    severity: 'warning',
    why: 'The session is sent in the clear over http://: set SESSION_COOKIE_SECURE.',
  },
  'settings/session-cookie-scripts': {
    criterion: 'C5',
    cwe: 1004,
    severity: 'warning',
    why: 'A script on a page can read the session.',
  },
  'settings/csrf-cookie-insecure': {
    criterion: 'C5',
    cwe: 614,
    severity: 'note',
    why: 'The token is sent in the clear over http://: set CSRF_COOKIE_SECURE.',
  },
  'settings/no-https-redirect': {
    criterion: 'C5',
    cwe: 319,
    severity: 'note',
    why: 'Pages are served over http:// unless a proxy that is not in the project redirects.',
  },
  'settings/no-hsts': {
    criterion: 'C5',
    cwe: 319,
    severity: 'note',
    why: 'A first visit over http:// can be kept there unless a proxy that is not in the project sends the header.',
  },
  'settings/sniffing-allowed': { criterion: 'C5', cwe: 693, severity: 'warning', why: 'Browsers may run uploads as scripts.' },
  'settings/cors-any-origin-with-credentials': {
    criterion: 'C4',
    cwe: 942,
    severity: 'error',
    why: 'Any site reads what a signed-in user may read: list the origins.',
  },
  'settings/cors-any-origin': {
    criterion: 'C4',
    cwe: 942,
    severity: 'note',
    why: 'Right for a public API only: list the origins otherwise.',
  },
  'settings/fast-password-hasher': {
    criterion: 'C2',
    cwe: 916,
    severity: 'error',
    why: 'New passwords are hashed in a way that is guessed in bulk.',
  },
  'settings/no-password-validators': {
    criterion: 'C2',
    cwe: 521,
    severity: 'note',
    why: 'Django then accepts "1" as a password: set AUTH_PASSWORD_VALIDATORS.',
  },
  'settings/pickled-sessions': {
    criterion: 'C5',
    cwe: 502,
    severity: 'error',
    why: 'Whoever can write a session, or has the key, runs code: use the JSON serializer.',
  },
  'settings/open-api-by-default': {
    criterion: 'C3',
    cwe: 862,
    severity: 'warning',
    why: 'A view that forgets permission_classes is open to everybody: deny by default.',
  },
  'settings/silenced-security-checks': {
    criterion: 'C1',
    cwe: null,
    severity: 'note',
    why: 'check --deploy no longer speaks of them: say beside them why.',
  },
  'settings/database-password-in-source': {
    criterion: 'E4',
    cwe: 798,
    severity: 'warning',
    why: 'Whoever reads the repository has it: read it from the environment.',
  },
  'settings/sqlite': {
    criterion: 'D1',
    cwe: null,
    severity: 'note',
    why: 'One writer at a time, and no second server: fine for one small site only.',
  },
  'settings/connection-for-each-request': {
    criterion: 'D3',
    cwe: null,
    severity: 'note',
    why: 'Every request opens a connection: set CONN_MAX_AGE or a pool.',
  },
  'settings/cache-of-one-process': {
    criterion: 'D4',
    cwe: null,
    severity: 'note',
    why: 'Every worker process has its own: what one deletes, the others still serve.',
  },
  'settings/tasks-run-inline': {
    criterion: 'D5',
    cwe: null,
    severity: 'warning',
    why: 'Tasks run inside the request that starts them.',
  },
  'settings/pickled-tasks': {
    criterion: 'D5',
    cwe: 502,
    severity: 'warning',
    why: 'Whoever can write to the broker runs code in the workers: use JSON.',
  },
  'settings/no-static-root': {
    criterion: 'E4',
    cwe: null,
    severity: 'note',
    why: 'collectstatic fails without STATIC_ROOT, and production serves no style sheets.',
  },
} as const satisfies Record<string, Rule>;
export type SettingRule = keyof typeof SETTING_RULES;

/** A finding about a setting; how sure it is that production has it is for the caller to take off. */
export interface SettingFinding {
  readonly rule: SettingRule;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly confidence: AuditConfidence;
}

export function finding(
  rule: SettingRule,
  { file, line }: Omit<PlacedSetting, 'value'>,
  message: string,
  confidence: AuditConfidence = 'high',
): SettingFinding {
  return { rule, file, line, message, confidence };
}
