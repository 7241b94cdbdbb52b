import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowLookupByCredential, protectByTenant } from './tenancy';

export class OrganisationsCreate1763800001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE organisations (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        candidate_feedback text NOT NULL DEFAULT 'after_submission'
          CHECK (candidate_feedback IN ('none', 'after_submission', 'after_decision')),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    await protectByTenant(runner, 'organisations', ['SELECT', 'INSERT', 'UPDATE'], 'id');

    await runner.query(`
      CREATE TABLE members (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL REFERENCES organisations,
        email text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 320),
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        role text NOT NULL CHECK (role IN ('owner', 'recruiter', 'engineering_lead')),
        password_hash text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        disabled_at timestamptz,
        UNIQUE (email)
      )`);
    await runner.query('CREATE INDEX members_by_organisation ON members (organisation_id, id DESC)');
    await protectByTenant(runner, 'members', ['SELECT', 'INSERT', 'UPDATE']);
    await allowLookupByCredential(runner, 'members', 'email');

    await runner.query(`
      CREATE TABLE refresh_tokens (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL REFERENCES organisations,
        member_id uuid NOT NULL REFERENCES members,
        family_id uuid NOT NULL,
        token_hash text NOT NULL UNIQUE,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        revoked_at timestamptz
      )`);
    await runner.query('CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id)');
    await runner.query('CREATE INDEX refresh_tokens_by_member ON refresh_tokens (member_id)');
    await protectByTenant(runner, 'refresh_tokens', ['SELECT', 'INSERT', 'UPDATE', 'DELETE']);
    await allowLookupByCredential(runner, 'refresh_tokens', 'token_hash');

    await runner.query(`
      CREATE TABLE api_keys (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL REFERENCES organisations,
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        prefix text NOT NULL,
        key_hash text NOT NULL UNIQUE,
        scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
        created_by uuid NOT NULL REFERENCES members,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz
      )`);
    await runner.query('CREATE INDEX api_keys_by_organisation ON api_keys (organisation_id, id DESC)');
    await protectByTenant(runner, 'api_keys', ['SELECT', 'INSERT', 'UPDATE']);
    await allowLookupByCredential(runner, 'api_keys', 'key_hash');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_keys, refresh_tokens, members, organisations');
  }
}
