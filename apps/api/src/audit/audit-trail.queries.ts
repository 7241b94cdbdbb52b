import type { EntityManager } from 'typeorm';

export interface AuditEventRow {
  readonly sequence: string;
  readonly at: Date;
  readonly actor_kind: 'member' | 'api_key' | 'candidate' | 'system';
  readonly actor_id: string | null;
  readonly action: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly detail: Record<string, unknown>;
  readonly hash: string;
}

/** The newest events below a sequence number, newest first. */
export function selectEventsBelow(
  manager: EntityManager,
  organisationId: string,
  below: number | null,
  limit: number,
): Promise<AuditEventRow[]> {
  return manager.query(
    `SELECT sequence, at, actor_kind, actor_id, action, subject_kind, subject_id, detail, hash
     FROM audit_events
     WHERE organisation_id = $1 AND ($2::bigint IS NULL OR sequence < $2)
     ORDER BY sequence DESC LIMIT $3`,
    [organisationId, below, limit],
  );
}

export interface ChainRow {
  readonly events: string;
  /** The first event whose number, link or hash is not what it must be, or null. */
  readonly first_broken: string | null;
  readonly head_hash: string | null;
}

/** Computes every hash anew, by the expression of the trigger `chain_audit_event`, and follows the chain from its first event. */
export async function selectChain(manager: EntityManager, organisationId: string): Promise<ChainRow> {
  const [row] = (await manager.query(
    `WITH chain AS (
       SELECT sequence, hash, previous_hash,
         row_number() OVER (ORDER BY sequence) AS position,
         coalesce(lag(hash) OVER (ORDER BY sequence), '') AS hash_before,
         encode(sha256(convert_to(concat_ws('|', previous_hash, organisation_id, sequence,
           to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), actor_kind, coalesce(actor_id::text, ''),
           action, subject_kind, subject_id, detail::text), 'UTF8')), 'hex') AS computed
       FROM audit_events WHERE organisation_id = $1
     )
     SELECT count(*) AS events,
       min(position) FILTER (WHERE sequence <> position OR previous_hash <> hash_before OR hash <> computed) AS first_broken,
       (array_agg(hash ORDER BY sequence DESC))[1] AS head_hash
     FROM chain`,
    [organisationId],
  )) as [ChainRow];
  return row;
}
