import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '../database/tenant-database';
import { notFound } from '../http/problem';

export const FEEDBACK_POLICIES = ['none', 'after_submission', 'after_decision'] as const;
/** How much of a grade an organisation lets its candidates read, and from when. */
export type FeedbackPolicy = (typeof FEEDBACK_POLICIES)[number];

@Injectable()
export class OrganisationsService {
  constructor(private readonly database: TenantDatabase) {}

  async selectFeedbackPolicy(organisationId: string): Promise<FeedbackPolicy> {
    return this.database.inOrganisation(organisationId, async (manager) => {
      const [row] = (await manager.query('SELECT candidate_feedback AS policy FROM organisations WHERE id = $1', [
        organisationId,
      ])) as {
        policy: FeedbackPolicy;
      }[];
      if (!row) throw notFound('organisation');
      return row.policy;
    });
  }
}
