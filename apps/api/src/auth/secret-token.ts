import { createHash, randomBytes } from 'node:crypto';

/** A new unguessable token of 256 bits, safe in a URL. Shown once; only its hash is stored. */
export function newSecretToken(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** SHA-256 in hex. Enough for tokens of 256 random bits; passwords go through argon2id instead. */
export function hashSecretToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
