import type { Assumption } from '@assay/cost-model/assumption';
import { completeVersion } from '@assay/cost-model/assumption-set';
import { DEFAULT_ASSUMPTIONS } from '@assay/cost-model/default-assumptions';
import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull, Not } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { invalidField, notFound, Problem } from '../http/problem';
import { AssumptionSetEntity } from './assumption-set.entity';
import { insertVersion, selectOptionalSet, selectOptionalVersion } from './assumption-set.queries';
import { readChanges } from './read-changes';

export interface AssumptionSetSummary {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly description: string | null;
  readonly newestVersion: number;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
}

export interface NewAssumptionSet {
  readonly name: string;
  readonly description?: string | null;
  /** Changes against the model's defaults, as `nextVersion` of the cost model reads them. */
  readonly assumptions: readonly object[];
}

/** One version of a set as an estimate takes it. */
export interface ChosenAssumptions {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  /** All of the model, in its order. */
  readonly assumptions: readonly Assumption[];
  /** Ids of those that the model learned after the version was made: taken from the defaults. */
  readonly learnedLater: readonly string[];
}

/** The sets of assumptions of the principal's organisation; what stands in them is the business of `AssumptionSetVersionsService`. */
@Injectable()
export class AssumptionSetsService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly audit: AuditService,
  ) {}

  /**
   * What an estimate that names a set is to be calculated with. A running transaction is joined.
   *
   * @param ref the newest version when it names none
   * @param path where the reference stands in the request
   * @throws Problem `invalid-input` naming `path.id` for a set that is not there (or another organisation's) or archived, and
   *   `path.version` for a version that is not there
   */
  selectForEstimate(
    principal: Principal,
    ref: { readonly id: string; readonly version?: number },
    path = 'assumptionSet',
  ): Promise<ChosenAssumptions> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const set = await selectOptionalSet(manager, organisationId, ref.id);
      if (!set) throw invalidField(`${path}.id`, 'is no assumption set of this organisation.');
      if (set.archivedAt) {
        throw invalidField(`${path}.id`, 'is an archived assumption set: restore it, or name another one.');
      }
      const stored = await selectOptionalVersion(manager, set, ref.version ?? set.newestVersion);
      if (!stored) throw invalidField(`${path}.version`, `is not there: the newest version of this set is ${set.newestVersion}.`);
      const complete = completeVersion(stored.assumptions);
      return {
        ...{ id: set.id, version: stored.version, name: set.name },
        assumptions: complete.map(({ assumption }) => assumption),
        learnedLater: complete.filter(({ origin }) => origin === 'later_default').map(({ assumption }) => assumption.id),
      };
    });
  }

  /** @throws Problem `invalid-input`; `already-exists` when the organisation has a set of this name */
  create(principal: Principal, input: NewAssumptionSet): Promise<AssumptionSetSummary> {
    const { organisationId } = principal;
    const first = readChanges(principal, DEFAULT_ASSUMPTIONS, input.assumptions);
    return this.database.inOrganisation(organisationId, async (manager) => {
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(AssumptionSetEntity)
        .values({ organisationId, name: input.name, description: input.description ?? null })
        .orIgnore()
        .returning('id')
        .execute();
      const [created] = inserted.raw as { id: string }[];
      if (!created) throw nameTaken(input.name);
      await insertVersion(manager, principal, { id: created.id, version: 1 }, first);
      await this.audit.record(manager, organisationId, principal, {
        action: 'assumption-set.created',
        subjectKind: 'assumption-set',
        subjectId: created.id,
        detail: { name: input.name, changed: first.changes.map(({ id }) => id) },
      });
      return this.selectSet(principal, created.id);
    });
  }

  /** Newest first. */
  list(principal: Principal, page: PageQuery, archived: boolean): Promise<Page<AssumptionSetSummary>> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, (manager) =>
      readPage(
        manager
          .createQueryBuilder(AssumptionSetEntity, 'set')
          .where({ organisationId, archivedAt: archived ? Not(IsNull()) : IsNull() }),
        page,
      ),
    );
  }

  /** @throws Problem `not-found`, also for another organisation's set */
  async selectSet(principal: Principal, id: string): Promise<AssumptionSetSummary> {
    const { organisationId } = principal;
    const set = await this.database.inOrganisation(organisationId, (manager) => selectOptionalSet(manager, organisationId, id));
    if (!set) throw notFound('assumption set');
    return set;
  }

  /**
   * Gives the set another name or description; fields left out stay as they are.
   *
   * @throws Problem `not-found`; `already-exists` when another set has the name
   */
  change(
    principal: Principal,
    id: string,
    changes: { readonly name?: string; readonly description?: string | null },
  ): Promise<AssumptionSetSummary> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const before = await this.selectSet(principal, id);
      const { name = before.name, description = before.description } = changes;
      if (name === before.name && description === before.description) return before;
      await this.rename(manager, principal, id, changes);
      return this.selectSet(principal, id);
    });
  }

  /** Takes the set out of the choice for estimates and new versions, or back into it. Done twice it changes nothing. @throws Problem `not-found` */
  setArchived(principal: Principal, id: string, archived: boolean): Promise<AssumptionSetSummary> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      await this.selectSet(principal, id);
      const changed = await manager.update(
        AssumptionSetEntity,
        { organisationId, id, archivedAt: archived ? IsNull() : Not(IsNull()) },
        { archivedAt: archived ? () => 'now()' : null },
      );
      if (changed.affected) {
        await this.audit.record(manager, organisationId, principal, {
          action: archived ? 'assumption-set.archived' : 'assumption-set.restored',
          subjectKind: 'assumption-set',
          subjectId: id,
        });
      }
      return this.selectSet(principal, id);
    });
  }

  private async rename(
    manager: EntityManager,
    principal: Principal,
    id: string,
    changes: { readonly name?: string; readonly description?: string | null },
  ): Promise<void> {
    const { organisationId } = principal;
    try {
      // Only what is given, so that two who change one field each both get their way.
      await manager.update(AssumptionSetEntity, { organisationId, id }, changes);
    } catch (error) {
      if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) throw nameTaken(String(changes.name));
      throw error;
    }
    await this.audit.record(manager, organisationId, principal, {
      action: 'assumption-set.changed',
      subjectKind: 'assumption-set',
      subjectId: id,
      detail: { ...changes },
    });
  }
}

const UNIQUE_VIOLATION = '23505';

function nameTaken(name: string): Problem {
  return new Problem(
    'already-exists',
    `There is an assumption set with the name ${name} already, perhaps an archived one. Add a version to it, or use another name.`,
  );
}
