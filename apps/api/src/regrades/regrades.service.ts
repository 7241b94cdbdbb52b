import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound } from '../http/problem';
import { TasksService, type TaskVersion } from '../tasks/tasks.service';
import { Regrade } from './regrade.entity';
import { answerItem, answerRegrade } from './regrade-answer';
import { RegradeItem } from './regrade-item.entity';
import type { ChangesQuery } from './regrade-request.dto';
import type { RegradeChangeDto, RegradeDto } from './regrades.dto';
import { type ItemContext, type RegradeProgress, selectItemContexts, selectProgress } from './regrades.queries';

/** Tells how regrades stand and what they change. */
@Injectable()
export class RegradesService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly tasks: TasksService,
  ) {}

  /** @throws Problem `not-found` */
  async select(principal: Principal, id: string): Promise<Regrade> {
    const regrade = await this.database.inOrganisation(principal.organisationId, (manager) => manager.findOneBy(Regrade, { id }));
    if (!regrade) throw notFound('regrade');
    return regrade;
  }

  list(principal: Principal, page: PageQuery): Promise<Page<RegradeDto>> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const query = manager.createQueryBuilder(Regrade, 'regrade').where('regrade.organisation_id = :organisationId', {
        organisationId: principal.organisationId,
      });
      const found = await readPage(query, page);
      return { items: await this.answer(principal, found.items), nextCursor: found.nextCursor };
    });
  }

  /** A regrade with its progress. */
  async answerOne(principal: Principal, regrade: Regrade): Promise<RegradeDto> {
    const [answer] = await this.answer(principal, [regrade]);
    return answer as RegradeDto;
  }

  /** The submissions of a regrade, newest first, each with what its new run changes. */
  async listChanges(principal: Principal, id: string, query: ChangesQuery): Promise<Page<RegradeChangeDto>> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      await this.select(principal, id);
      const found = manager
        .createQueryBuilder(RegradeItem, 'item')
        .where('item.organisation_id = :organisationId AND item.regrade_id = :id', {
          organisationId: principal.organisationId,
          id,
        });
      if (query.changed) found.andWhere(query.changed === 'true' ? 'item.changed' : 'NOT item.changed');
      const page = await readPage(found, query);
      const contexts = await selectItemContexts(
        manager,
        page.items.map((item) => item.id),
      );
      return {
        items: page.items.map((item) => answerItem(item, contexts.get(item.id) as ItemContext)),
        nextCursor: page.nextCursor,
      };
    });
  }

  private async answer(principal: Principal, regrades: readonly Regrade[]): Promise<RegradeDto[]> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const tasks = await this.tasks.selectVersions(regrades.map((regrade) => regrade.taskVersionId));
      const progress = await selectProgress(
        manager,
        regrades.map((regrade) => regrade.id),
      );
      return regrades.map((regrade) =>
        answerRegrade(regrade, tasks.get(regrade.taskVersionId) as TaskVersion, progress.get(regrade.id) as RegradeProgress),
      );
    });
  }
}
