import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectByTenant } from './tenancy';

export class AuditEventsCreate1763800007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_events (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        organisation_id uuid NOT NULL REFERENCES organisations,
        sequence bigint NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        actor_kind text NOT NULL CHECK (actor_kind IN ('member', 'api_key', 'candidate', 'system')),
        actor_id uuid,
        action text NOT NULL,
        subject_kind text NOT NULL,
        subject_id uuid NOT NULL,
        detail jsonb NOT NULL DEFAULT '{}',
        previous_hash text NOT NULL,
        hash text NOT NULL,
        UNIQUE (organisation_id, sequence)
      )`);
    // The database itself numbers and chains the events, one writer at a time for each organisation.
    await runner.query(`
      CREATE FUNCTION chain_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        last record;
      BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('audit_events', 0) # hashtextextended(NEW.organisation_id::text, 0));
        SELECT sequence, hash INTO last FROM audit_events WHERE organisation_id = NEW.organisation_id ORDER BY sequence DESC LIMIT 1;
        NEW.sequence := coalesce(last.sequence, 0) + 1;
        NEW.previous_hash := coalesce(last.hash, '');
        NEW.hash := encode(sha256(convert_to(concat_ws('|', NEW.previous_hash, NEW.organisation_id, NEW.sequence, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
          NEW.actor_kind, coalesce(NEW.actor_id::text, ''), NEW.action, NEW.subject_kind, NEW.subject_id, NEW.detail::text), 'UTF8')), 'hex');
        RETURN NEW;
      END $$`);
    await runner.query(
      'CREATE TRIGGER chain_audit_event BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION chain_audit_event()',
    );
    await protectByTenant(runner, 'audit_events', ['SELECT', 'INSERT']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_events');
    await runner.query('DROP FUNCTION chain_audit_event()');
  }
}
