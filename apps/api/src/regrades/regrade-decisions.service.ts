import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { EvaluationsService } from '../evaluations/evaluations.service';
import { GradingService } from '../grading/grading.service';
import { notFound, Problem } from '../http/problem';
import { ScorecardsService } from '../scorecards/scorecards.service';
import { Regrade } from './regrade.entity';
import { type ItemDecision, RegradeItem } from './regrade-item.entity';
import type { DecideRegradeDto } from './regrade-request.dto';
import { selectItemContexts } from './regrades.queries';

type Decided = RegradeItem & { readonly outcome: string | null };

/** What people make of a regrade: until then the earlier scorecards count. */
@Injectable()
export class RegradeDecisions {
  constructor(
    private readonly database: TenantDatabase,
    private readonly grading: GradingService,
    private readonly evaluations: EvaluationsService,
    private readonly scorecards: ScorecardsService,
    private readonly audit: AuditService,
  ) {}

  /**
   * Lets the new scorecards take the place of the earlier ones, or keeps the earlier ones: for these evaluations, or for all that are
   * undecided. Approving all leaves what was not graded undecided, for there is no scorecard to put in place.
   *
   * @throws Problem `regrade-decided` when somebody was first, `conflict` for what is still graded or cannot be approved
   */
  async decide(principal: Principal, id: string, input: DecideRegradeDto): Promise<Regrade> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const regrade = await lockOpen(manager, id);
      const decision = input.decision === 'approve' ? 'approved' : 'rejected';
      const items = await this.selectToDecide(manager, regrade, decision, input.evaluationIds ?? null);
      const evaluationIds = [...new Set(items.map((item) => item.evaluationId))].sort();
      for (const evaluationId of evaluationIds) await this.evaluations.lockEvaluation(manager, evaluationId);
      const counting = new Set<string>();
      for (const item of items) {
        if (decision === 'approved' && (await this.scorecards.approve(manager, item.submissionId, item.newRunId))) {
          counting.add(item.id);
        }
      }
      await noteDecision(manager, items, { decision, reason: input.reason, by: principal.id });
      await this.tell(manager, principal, regrade, { items, decision, reason: input.reason, counting });
      return closeWhenDone(manager, regrade);
    });
  }

  /** Ends what is not graded yet and keeps the earlier scorecards of all that is undecided. */
  async cancel(principal: Principal, id: string): Promise<Regrade> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const regrade = await lockOpen(manager, id);
      await this.grading.cancelRegrade(manager, id);
      const items = await selectUndecided(manager, id);
      await noteDecision(manager, items, { decision: 'cancelled', reason: null, by: principal.id });
      await this.audit.record(manager, principal.organisationId, principal, {
        action: 'regrade.cancelled',
        subjectKind: 'regrade',
        subjectId: id,
        detail: { submissions: items.length },
      });
      const now = new Date();
      await manager.update(Regrade, { id }, { cancelledAt: now, closedAt: now });
      return { ...regrade, cancelledAt: now, closedAt: now };
    });
  }

  private async selectToDecide(
    manager: EntityManager,
    regrade: Regrade,
    decision: ItemDecision,
    evaluationIds: readonly string[] | null,
  ): Promise<RegradeItem[]> {
    const all = await withOutcomes(manager, await manager.findBy(RegradeItem, { regradeId: regrade.id }));
    const named = evaluationIds === null ? null : requireItems(all, evaluationIds);
    const items = named ?? all.filter((item) => item.decision === null);
    const running = items.filter((item) => item.outcome === null).length;
    if (running > 0) {
      throw new Problem(
        'conflict',
        `${running} of these submissions are still being graded. Wait, or name those that are through.`,
      );
    }
    if (decision !== 'approved') return items;
    const graded = items.filter((item) => item.outcome === 'graded');
    if (graded.length === 0 || (named && graded.length < items.length)) {
      throw new Problem(
        'conflict',
        'A new run without a grade cannot be approved, because no scorecard would count. Reject it to keep the earlier one.',
      );
    }
    return graded;
  }

  private async tell(
    manager: EntityManager,
    principal: Principal,
    regrade: Regrade,
    made: {
      readonly items: readonly RegradeItem[];
      readonly decision: ItemDecision;
      readonly reason: string;
      readonly counting: ReadonlySet<string>;
    },
  ): Promise<void> {
    const { items, decision, reason, counting } = made;
    await this.audit.record(manager, principal.organisationId, principal, {
      action: `regrade.${decision}`,
      subjectKind: 'regrade',
      subjectId: regrade.id,
      detail: { submissions: items.length, reason },
    });
    for (const item of items) {
      await this.audit.record(manager, principal.organisationId, principal, {
        action: decision === 'approved' ? 'scorecard.replaced' : 'scorecard.kept',
        subjectKind: 'evaluation',
        subjectId: item.evaluationId,
        detail: {
          regradeId: regrade.id,
          submissionId: item.submissionId,
          earlierRunId: item.earlierRunId,
          newRunId: item.newRunId,
          counts: counting.has(item.id),
          composite: item.comparison?.composite ?? null,
        },
      });
    }
  }
}

/** Of two leads who decide at once the second waits here and then finds it done. */
async function lockOpen(manager: EntityManager, id: string): Promise<Regrade> {
  const regrade = await manager.findOne(Regrade, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!regrade) throw notFound('regrade');
  if (regrade.cancelledAt) throw new Problem('regrade-decided', 'This regrade was cancelled; the earlier scorecards count.');
  if (regrade.closedAt) throw new Problem('regrade-decided', 'Everything in this regrade has been decided.');
  return regrade;
}

function selectUndecided(manager: EntityManager, regradeId: string): Promise<RegradeItem[]> {
  return manager
    .createQueryBuilder(RegradeItem, 'item')
    .where('item.regrade_id = :regradeId AND item.decision IS NULL', { regradeId })
    .orderBy('item.id')
    .getMany();
}

async function withOutcomes(manager: EntityManager, items: readonly RegradeItem[]): Promise<Decided[]> {
  const contexts = await selectItemContexts(
    manager,
    items.map((item) => item.id),
  );
  return items.map((item) => ({ ...item, outcome: contexts.get(item.id)?.outcome ?? null }));
}

/** @throws Problem `not-found` for an evaluation that is not in the regrade, `regrade-decided` when one has been decided on */
function requireItems(items: readonly Decided[], evaluationIds: readonly string[]): Decided[] {
  for (const evaluationId of evaluationIds) {
    if (!items.some((item) => item.evaluationId === evaluationId)) {
      throw new Problem('not-found', `The evaluation ${evaluationId} is not in this regrade.`);
    }
  }
  const named = items.filter((item) => evaluationIds.includes(item.evaluationId));
  const decided = named.find((item) => item.decision !== null);
  if (decided)
    throw new Problem('regrade-decided', `The evaluation ${decided.evaluationId} has been ${decided.decision} already.`);
  return named;
}

async function noteDecision(
  manager: EntityManager,
  items: readonly RegradeItem[],
  made: { readonly decision: ItemDecision; readonly reason: string | null; readonly by: string },
): Promise<void> {
  await manager.query(
    'UPDATE regrade_items SET decision = $2, decision_reason = $3, decided_by = $4, decided_at = now() WHERE id = ANY($1)',
    [items.map((item) => item.id), made.decision, made.reason, made.by],
  );
}

async function closeWhenDone(manager: EntityManager, regrade: Regrade): Promise<Regrade> {
  if ((await selectUndecided(manager, regrade.id)).length > 0) return regrade;
  const closedAt = new Date();
  await manager.update(Regrade, { id: regrade.id }, { closedAt });
  return { ...regrade, closedAt };
}
