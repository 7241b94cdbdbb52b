import { createHmac } from 'node:crypto';

interface Forgery {
  readonly secret: string;
  readonly algorithm?: 'HS256' | 'HS512' | 'none';
}

/** A JSON Web Token as somebody else would make it: with any claims, secret and algorithm. */
export function forgeToken(claims: object, { secret, algorithm = 'HS256' }: Forgery): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(claims)}`;
  if (algorithm === 'none') return `${signed}.`;
  const hash = algorithm === 'HS256' ? 'sha256' : 'sha512';
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}
