import { entropyOf, isPlaceholder } from './placeholders';

/** A kind of secret that is known by its form alone. */
export interface SecretFormat {
  readonly rule: string;
  readonly what: string;
  /** Where it begins: a cheap look through the whole text. Must have the flags `g`. */
  readonly pattern: RegExp;
  /** The part of a match that is the secret; null when this one is none. */
  readonly secretOf: (match: RegExpExecArray) => string | null;
}

/** A random part has at least so many bits for each character. */
const RANDOM = 3;

const token = (rule: string, what: string, pattern: RegExp, entropy = RANDOM): SecretFormat => ({
  rule: `secrets/${rule}`,
  what,
  pattern,
  secretOf: ([whole, random]) => (random !== undefined && entropyOf(random) >= entropy && !isPlaceholder(random) ? whole : null),
});

/**
 * Sources: the forms that GitHub's secret scanning partners publish. Each begins with fixed letters, so that one look through a text is
 * cheap and cannot be made slow.
 */
export const SECRET_FORMATS: readonly SecretFormat[] = [
  token('aws-access-key', 'an access key of AWS', /(?<![A-Za-z0-9])(?:AKIA|ASIA)([A-Z2-7]{16})(?![A-Za-z0-9])/g),
  token('github-token', 'a token of GitHub', /(?<![A-Za-z0-9])gh[pousr]_([A-Za-z0-9]{36,255})(?![A-Za-z0-9])/g),
  token('github-token', 'a token of GitHub', /(?<![A-Za-z0-9])github_pat_([A-Za-z0-9_]{60,255})(?![A-Za-z0-9])/g),
  token('gitlab-token', 'a token of GitLab', /(?<![A-Za-z0-9])glpat-([A-Za-z0-9_-]{20,64})(?![A-Za-z0-9])/g),
  token('slack-token', 'a token of Slack', /(?<![A-Za-z0-9])xox[abeoprs]-([A-Za-z0-9-]{20,250})/g, 2.5),
  token(
    'slack-webhook',
    'a webhook of Slack',
    /hooks\.slack\.com\/services\/(T[A-Z0-9]{6,12}\/B[A-Z0-9]{6,12}\/[A-Za-z0-9]{20,30})/g,
  ),
  token('stripe-key', 'a live key of Stripe', /(?<![A-Za-z0-9])[sr]k_live_([A-Za-z0-9]{20,250})/g),
  token('google-api-key', 'an API key of Google', /(?<![A-Za-z0-9])AIza([A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])/g),
  token('google-oauth-secret', 'a client secret of Google', /(?<![A-Za-z0-9])GOCSPX-([A-Za-z0-9_-]{28})(?![A-Za-z0-9_-])/g),
  token('sendgrid-key', 'a key of SendGrid', /(?<![A-Za-z0-9])SG\.([A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/g),
  token('openai-key', 'a key of OpenAI', /(?<![A-Za-z0-9])sk-(?:proj-|svcacct-)?([A-Za-z0-9]{20,}T3BlbkFJ[A-Za-z0-9]{20,})/g),
  token('pypi-token', 'a token of PyPI', /(?<![A-Za-z0-9])pypi-(AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,400})/g),
  token('npm-token', 'a token of npm', /(?<![A-Za-z0-9])npm_([A-Za-z0-9]{36})(?![A-Za-z0-9])/g),
  {
    rule: 'secrets/private-key',
    what: 'a private key',
    pattern: /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\n|[\s"'+,\\])*([A-Za-z0-9+/=:.,-]{0,80})/g,
    secretOf: (match) => {
      const body = match[1] ?? '';
      return body.length >= 40 && entropyOf(body) >= RANDOM && !/^-----|example|placeholder|\.\.\./i.test(body) ? body : null;
    },
  },
  {
    rule: 'secrets/url-password',
    what: 'the address of a server with its password',
    pattern:
      /(?<![A-Za-z0-9+.-])(?:postgres(?:ql)?|postgis|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|smtps?|mssql)(?:\+[a-z0-9]{1,20})?:\/\/([^\s:/@"'<>`]{0,80}):([^\s/@"'<>`]{3,200})@([A-Za-z0-9.-]{1,253})/g,
    secretOf: ([, user = '', password = '', host = '']) => {
      // Without a dot it is a container or this machine, which nobody reaches from outside.
      const isReachable =
        /\.[a-z]/i.test(host) && !/(^|\.)(example\.(com|org|net)|localhost|local|internal|test|invalid)$/i.test(host);
      const isReal = !isPlaceholder(password) && !isPlaceholder(host) && password.toLowerCase() !== user.toLowerCase();
      return isReachable && isReal && password.length >= 6 && entropyOf(password) >= 2 ? password : null;
    },
  },
];
