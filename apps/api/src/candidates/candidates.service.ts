import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound, Problem } from '../http/problem';
import { CandidateEntity } from './candidate.entity';

export interface Candidate {
  readonly id: string;
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  readonly createdAt: Date;
}

/** The candidates of the principal's organisation. */
@Injectable()
export class CandidatesService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly audit: AuditService,
  ) {}

  /**
   * @param input `email` in lower case
   * @throws Problem `already-exists` when the organisation has a candidate with this address
   */
  create(principal: Principal, input: { readonly name: string; readonly email: string }): Promise<Candidate> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(CandidateEntity)
        .values({ organisationId, name: input.name, email: input.email })
        .orIgnore()
        .returning('*')
        .execute();
      const [id] = (inserted.raw as { id: string }[]).map((row) => row.id);
      if (id === undefined) {
        throw new Problem(
          'already-exists',
          `There is a candidate with the address ${input.email} already: find it with GET /api/v1/candidates?email=...`,
        );
      }
      await this.audit.record(manager, organisationId, principal, {
        action: 'candidate.created',
        subjectKind: 'candidate',
        subjectId: id,
      });
      return manager.findOneByOrFail(CandidateEntity, { id });
    });
  }

  /** Newest first; with `email` (lower case) only the candidate of this address. */
  list(principal: Principal, page: PageQuery, email?: string): Promise<Page<Candidate>> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(CandidateEntity, 'candidate')
        .where('candidate.organisationId = :organisationId', { organisationId });
      if (email !== undefined) query.andWhere('candidate.email = :email', { email });
      return readPage(query, page);
    });
  }

  /** @throws Problem `not-found`, also for another organisation's candidate */
  async selectCandidate(principal: Principal, id: string): Promise<Candidate> {
    const { organisationId } = principal;
    const candidate = await this.database.inOrganisation(organisationId, (manager) =>
      manager.findOneBy(CandidateEntity, { organisationId, id }),
    );
    if (!candidate) throw notFound('candidate');
    return candidate;
  }
}
