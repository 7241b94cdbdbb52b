import { type AssumptionInSet, completeVersion } from '@assay/cost-model/assumption-set';
import type { AssumptionChange } from '@assay/cost-model/assumption-set-changes';
import { type MovedFigure, movedFigures } from '@assay/cost-model/assumption-set-difference';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { invalidField, notFound, Problem } from '../http/problem';
import { AssumptionSetVersionEntity } from './assumption-set.entity';
import { insertVersion, selectOptionalVersion, selectVersionsBetween, takeNextNumber } from './assumption-set.queries';
import { type AssumptionSetSummary, AssumptionSetsService } from './assumption-sets.service';
import { readChanges } from './read-changes';

export interface VersionSummary {
  readonly version: number;
  readonly createdByKind: 'member' | 'api_key';
  readonly createdBy: string;
  readonly createdAt: Date;
  /** Against the version before; of the first version, against the model's defaults. */
  readonly changes: readonly AssumptionChange[];
}

export interface Version extends VersionSummary {
  /** All that the version means today. */
  readonly figures: readonly AssumptionInSet[];
}

/** A figure that moved, with the version whose author and reason stand behind it. */
export interface Movement extends MovedFigure {
  readonly made: VersionSummary;
}

export interface NewVersion {
  /** The number of the version that the changes are made against: the newest. */
  readonly basedOn: number;
  /** Overrides, and figures taken back to the defaults, as `nextVersion` of the cost model reads them. */
  readonly assumptions: readonly object[];
}

/** The versions of assumption sets: full copies, numbered 1, 2, 3, ..., made one after the other and never changed. */
@Injectable()
export class AssumptionSetVersionsService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly audit: AuditService,
    private readonly sets: AssumptionSetsService,
  ) {}

  /**
   * Makes the next version.
   *
   * @throws Problem `not-found`; `invalid-input` naming every field at fault; `conflict` for an archived set, and when `basedOn` is not
   *   the newest version (any more)
   */
  create(principal: Principal, setId: string, { basedOn, assumptions }: NewVersion): Promise<Version> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const set = await this.sets.selectSet(principal, setId);
      if (set.archivedAt) throw new Problem('conflict', 'This assumption set is archived. Restore it first.');
      const before = await selectOptionalVersion(manager, set, basedOn);
      if (!before || basedOn !== set.newestVersion) throw outrun(set.newestVersion, basedOn);
      const next = readChanges(principal, before.assumptions, assumptions);
      if (!(await takeNextNumber(manager, set, basedOn))) throw outrun(basedOn + 1, basedOn);
      const version = basedOn + 1;
      await insertVersion(manager, principal, { id: set.id, version }, next);
      await this.audit.record(manager, organisationId, principal, {
        action: 'assumption-set.version-added',
        subjectKind: 'assumption-set',
        subjectId: set.id,
        detail: { version, changed: next.changes.map(({ id }) => id) },
      });
      return this.select(principal, set.id, version);
    });
  }

  /** Newest first, each with what it changed. @throws Problem `not-found` */
  list(principal: Principal, setId: string, page: PageQuery): Promise<Page<VersionSummary>> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      await this.sets.selectSet(principal, setId);
      return readPage(
        manager.createQueryBuilder(AssumptionSetVersionEntity, 'version').where({ organisationId, assumptionSetId: setId }),
        page,
      );
    });
  }

  /** @throws Problem `not-found` for a set or version that is not there */
  select(principal: Principal, setId: string, version: number): Promise<Version> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const set = await this.sets.selectSet(principal, setId);
      const stored = await selectOptionalVersion(manager, set, version);
      if (!stored) throw notFound('version of this assumption set');
      return { ...stored, figures: completeVersion(stored.assumptions) };
    });
  }

  /** The newest version of a set that is known to be there. */
  selectNewest(principal: Principal, set: AssumptionSetSummary): Promise<Version> {
    return this.select(principal, set.id, set.newestVersion);
  }

  /**
   * Which figures moved from the version `since` to this one, by whom and why. 0 stands for the model's defaults when the set was made.
   *
   * @throws Problem `not-found`; `invalid-input` when `since` is not an earlier version
   */
  movements(principal: Principal, setId: string, version: number, since: number): Promise<readonly Movement[]> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const set = await this.sets.selectSet(principal, setId);
      if (version > set.newestVersion) throw notFound('version of this assumption set');
      if (since >= version) {
        throw invalidField('since', `must be an earlier version than ${version}; got ${since}.`);
      }
      const versions = await selectVersionsBetween(manager, set, since, version);
      const byNumber = new Map(versions.map((one) => [one.version, one]));
      return movedFigures(versions).map((moved) => ({ ...moved, made: byNumber.get(moved.version) as VersionSummary }));
    });
  }
}

function outrun(newest: number, basedOn: number): Problem {
  return new Problem(
    'conflict',
    `These changes are based on version ${basedOn}, but the newest is ${newest}. Read it, make your changes against it, and send basedOn ${newest}.`,
  );
}
