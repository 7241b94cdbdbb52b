import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '../database/tenant-database';
import type { Page, PageQuery } from '../http/pagination';
import { Problem } from '../http/problem';
import { type AuditEventRow, selectChain, selectEventsBelow } from './audit-trail.queries';

export interface AuditEvent {
  /** 1, 2, 3, ... within the organisation, without gaps. */
  readonly sequence: number;
  readonly at: Date;
  readonly actorKind: AuditEventRow['actor_kind'];
  readonly actorId: string | null;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly detail: Record<string, unknown>;
  readonly hash: string;
}

export interface ChainVerification {
  readonly intact: boolean;
  readonly events: number;
  /** Where the first event stands that was changed, removed or put in, or null. */
  readonly firstBroken: number | null;
  /** Hash of the newest event. Kept elsewhere, it also shows whether the newest events were cut off. */
  readonly headHash: string | null;
}

/** Reads the audit trail of an organisation and verifies that nobody has changed it. */
@Injectable()
export class AuditTrailService {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * Newest first.
   *
   * @throws Problem `invalid-cursor`
   */
  async list(organisationId: string, page: PageQuery): Promise<Page<AuditEvent>> {
    const below = page.cursor === undefined ? null : decodeCursor(page.cursor);
    const rows = await this.database.inOrganisation(organisationId, (manager) =>
      selectEventsBelow(manager, organisationId, below, page.limit + 1),
    );
    const items = rows.slice(0, page.limit).map(eventOf);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > page.limit && last ? encodeCursor(last.sequence) : null };
  }

  async verify(organisationId: string): Promise<ChainVerification> {
    const chain = await this.database.inOrganisation(organisationId, (manager) => selectChain(manager, organisationId));
    return {
      intact: chain.first_broken === null,
      events: Number(chain.events),
      firstBroken: chain.first_broken === null ? null : Number(chain.first_broken),
      headHash: chain.head_hash,
    };
  }
}

function eventOf(row: AuditEventRow): AuditEvent {
  return {
    sequence: Number(row.sequence),
    at: row.at,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    detail: row.detail,
    hash: row.hash,
  };
}

function encodeCursor(sequence: number): string {
  return Buffer.from(String(sequence)).toString('base64url');
}

function decodeCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!/^[1-9]\d{0,14}$/.test(text)) {
    throw new Problem('invalid-cursor', 'Use the nextCursor of the page before, unchanged, or leave the cursor out.');
  }
  return Number(text);
}
