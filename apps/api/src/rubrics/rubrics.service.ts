import type { Rubric } from '@assay/scoring/rubric';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound } from '../http/problem';
import { RubricAreaEntity, RubricCriterionEntity, RubricEntity, RubricLevelEntity } from './rubric.entity';
import { assembleRubric } from './rubric-parts';

/** A published rubric without its parts. */
export interface PublishedRubric {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly createdAt: Date;
}

/** Reads the published rubrics. They belong to no organisation; a running transaction is joined. */
@Injectable()
export class RubricsService {
  constructor(private readonly database: TenantDatabase) {}

  list(page: PageQuery): Promise<Page<PublishedRubric>> {
    return this.database.withoutOrganisation((manager) => readPage(manager.createQueryBuilder(RubricEntity, 'rubric'), page));
  }

  /** The newest rubric: what an evaluation takes when it names none. */
  async selectCurrent(): Promise<PublishedRubric> {
    const [newest] = await this.database.withoutOrganisation((manager) =>
      manager.find(RubricEntity, { order: { id: 'DESC' }, take: 1 }),
    );
    if (!newest) throw new Error('There is no rubric in the database: run the migrations');
    return newest;
  }

  /** The rubric without its parts, or null. */
  selectOptionalStored(id: string): Promise<PublishedRubric | null> {
    return this.database.withoutOrganisation((manager) => manager.findOneBy(RubricEntity, { id }));
  }

  /** @throws Problem `not-found` */
  async selectStored(id: string): Promise<PublishedRubric> {
    const rubric = await this.selectOptionalStored(id);
    if (!rubric) throw notFound('rubric');
    return rubric;
  }

  /** The whole rubric, ready to score with. @throws Problem `not-found` */
  async selectRubric(id: string): Promise<Rubric> {
    const rubric = await this.selectOptionalRubric(id);
    if (!rubric) throw notFound('rubric');
    return rubric;
  }

  /** As `selectRubric`, null when there is none. */
  selectOptionalRubric(id: string): Promise<Rubric | null> {
    return this.database.withoutOrganisation((manager) => selectRubricWithParts(manager, id));
  }
}

async function selectRubricWithParts(manager: EntityManager, rubricId: string): Promise<Rubric | null> {
  const rubric = await manager.findOneBy(RubricEntity, { id: rubricId });
  if (!rubric) return null;
  const where = { rubricId };
  return assembleRubric({
    rubric,
    areas: await manager.find(RubricAreaEntity, { where, order: { id: 'ASC' } }),
    criteria: await manager.find(RubricCriterionEntity, { where, order: { id: 'ASC' } }),
    levels: await manager.find(RubricLevelEntity, { where, order: { criterionId: 'ASC', level: 'ASC' } }),
  });
}
