import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { notFound } from '../http/problem';
import { type FeedbackPolicy, OrganisationEntity } from './organisation.entity';

export type { FeedbackPolicy };

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly candidateFeedback: FeedbackPolicy;
  /** What new evaluations say, unless they are told otherwise: whether work that cannot be graded uses an attempt. */
  readonly unstartableUsesAttempt: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The principal's own organisation and its settings. */
@Injectable()
export class OrganisationsService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly audit: AuditService,
  ) {}

  /** @throws Problem `not-found` */
  async selectOrganisation(organisationId: string): Promise<Organisation> {
    const organisation = await this.database.inOrganisation(organisationId, (manager) =>
      manager.findOneBy(OrganisationEntity, { id: organisationId }),
    );
    if (!organisation) throw notFound('organisation');
    return organisation;
  }

  /** What candidates of the organisation may read of their grade. */
  async selectFeedbackPolicy(organisationId: string): Promise<FeedbackPolicy> {
    return (await this.selectOrganisation(organisationId)).candidateFeedback;
  }

  /** Changes what is given and leaves the rest. */
  change(
    principal: Principal,
    changes: { readonly name?: string; readonly candidateFeedback?: FeedbackPolicy; readonly unstartableUsesAttempt?: boolean },
  ): Promise<Organisation> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      if (Object.keys(given).length > 0) {
        await manager.update(OrganisationEntity, { id: organisationId }, { ...given, updatedAt: new Date() });
        await this.audit.record(manager, organisationId, principal, {
          action: 'organisation.changed',
          subjectKind: 'organisation',
          subjectId: organisationId,
          detail: given,
        });
      }
      return this.selectOrganisation(organisationId);
    });
  }
}
