import { createHmac } from 'node:crypto';
import { ExpectationFailed, quote } from '../expectations';
import { parseAnswer } from '../parse-answer';
import type { CheckTokens } from './tokens-api';

const HOUR = 3_600;
const JWT = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;
const NEXT = 'bcdefghijklmnopqrstuvwxyza';

/**
 * @param secretKey the project's `DJANGO_SECRET_KEY`
 * @param now time of the run
 */
export function createTokens(secretKey: string, now: Date): CheckTokens {
  const seconds = Math.floor(now.getTime() / 1000);
  const sign: CheckTokens['sign'] = (claims, { key = secretKey } = {}) =>
    signed({ alg: 'HS256', typ: 'JWT' }, { iat: seconds, exp: seconds + HOUR, ...claims }, key);
  const signedByOthers = (token: string): string => sign(claimsOf(token), { key: `not ${secretKey}` });
  return {
    claims: claimsOf,
    sign,
    expired: (token) => sign({ ...claimsOf(token), iat: seconds - 2 * HOUR, exp: seconds - HOUR }),
    signedByOthers,
    tampered: (token) => {
      const made = JWT.test(token) ? [...tamperedJwts(token), ['signed by others', signedByOthers(token)]] : tamperedTexts(token);
      return made.filter(([, changed]) => changed !== token).map(([name = '', changed = '']) => ({ name, token: changed }));
    },
  };
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const payload = JWT.exec(token)?.[2];
  if (payload === undefined) throw new ExpectationFailed(`${quote(token)} is no JWT`);
  const claims = parseAnswer(Buffer.from(payload, 'base64url').toString('utf8'), 'the claims of the token');
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims))
    throw new ExpectationFailed('the claims of the token are no JSON object');
  return claims as Readonly<Record<string, unknown>>;
}

function tamperedJwts(token: string): string[][] {
  const [, header = '', payload = '', signature = ''] = JWT.exec(token) ?? [];
  const more = encoded({ ...claimsOf(token), is_staff: true, is_superuser: true });
  const unsigned = encoded({ alg: 'none', typ: 'JWT' });
  return [
    ['payload changed', `${header}.${more}.${signature}`],
    // The last character of a signature has bits that nobody reads.
    ['signature changed', `${header}.${payload}.${changedAt(signature, 0)}`],
    ['signature cut', `${header}.${payload}.${signature.slice(0, -8)}`],
    ['signature left out', `${header}.${payload}.`],
    ['without algorithm', `${unsigned}.${payload}.`],
    ['signed with nothing', signed({ alg: 'HS256', typ: 'JWT' }, claimsOf(token), '')],
  ];
}

function tamperedTexts(token: string): string[][] {
  return [
    ['first character changed', changedAt(token, 0)],
    ['a character changed', changedAt(token, Math.floor(token.length / 2))],
    ['last character changed', changedAt(token, token.length - 1)],
    ['cut', token.slice(0, -1)],
    ['longer', `${token}a`],
  ];
}

/** With another letter of the same alphabets in this place. */
function changedAt(text: string, index: number): string {
  const letter = text.charAt(index).toLowerCase();
  const at = letter === '' ? -1 : 'abcdefghijklmnopqrstuvwxyz'.indexOf(letter);
  return text.slice(0, index) + (at < 0 ? 'a' : NEXT.charAt(at)) + text.slice(index + 1);
}

function signed(header: object, claims: object, key: string): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
