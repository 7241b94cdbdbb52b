import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** NIST SP 800-63B, 3.1.1.2: length is what counts, so no rules about the kinds of characters. */
export const PASSWORD_MIN_LENGTH = 12;
export const PASSWORD_MAX_LENGTH = 200;

/** Hashes and verifies passwords with argon2id. */
@Injectable()
export class PasswordService {
  private decoy: Promise<string> | null = null;

  hash(password: string): Promise<string> {
    return hash(password, ARGON2ID);
  }

  /** Takes equally long when there is no hash, so that the time does not tell whether an address is known. */
  async matches(password: string, storedHash: string | null): Promise<boolean> {
    this.decoy ??= this.hash('no such member');
    const matched = await verify(storedHash ?? (await this.decoy), password);
    return storedHash !== null && matched;
  }
}
