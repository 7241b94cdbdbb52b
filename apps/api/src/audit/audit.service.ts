import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../auth/principal';

export interface AuditedAction {
  /** What happened, `subject.verb`, for example `evaluation.invited`. */
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** Plain facts without secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Appends to the organisation's audit trail, in the transaction of the change; the database numbers and hash-chains the events. */
@Injectable()
export class AuditService {
  async record(manager: EntityManager, organisationId: string, actor: Principal | 'system', event: AuditedAction): Promise<void> {
    await manager.query(
      `INSERT INTO audit_events (organisation_id, actor_kind, actor_id, action, subject_kind, subject_id, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        organisationId,
        actor === 'system' ? 'system' : actor.kind,
        actor === 'system' ? null : actor.id,
        event.action,
        event.subjectKind,
        event.subjectId,
        JSON.stringify(event.detail ?? {}),
      ],
    );
  }
}
