import type { CriterionId } from '@assay/contracts/rubric-ids';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound } from '../http/problem';
import { TaskVersionEntity } from './task-version.entity';

/** One version of a task, as staff and candidates may see it. */
export interface TaskVersion {
  readonly id: string;
  readonly slug: string;
  readonly version: string;
  /** sha256 (hex) over every file of the pack: what the worker must have to grade with. */
  readonly contentHash: string;
  readonly title: string;
  readonly summary: string;
  /** Markdown. */
  readonly prompt: string;
  readonly timeBoxMinutes: number;
  readonly measuredCriteria: readonly CriterionId[];
}

/** As the table's check has it. */
const SLUG = /^[a-z0-9][a-z0-9-]*$/;

/** Reads the synced tasks. They belong to no organisation; a running transaction is joined. */
@Injectable()
export class TasksService {
  constructor(private readonly database: TenantDatabase) {}

  /** The current version of every task, the one synced last first. */
  listCurrent(page: PageQuery): Promise<Page<TaskVersion>> {
    return this.database.withoutOrganisation((manager) =>
      readPage(manager.createQueryBuilder(TaskVersionEntity, 'task').where('task.current'), page),
    );
  }

  /** The version that a new evaluation takes. @throws Problem `not-found` */
  async selectCurrentVersion(slug: string): Promise<TaskVersion> {
    const version = await this.selectOptionalCurrentVersion(slug);
    if (!version) throw notFound('task');
    return version;
  }

  /** As `selectCurrentVersion`, null when there is no such task. */
  async selectOptionalCurrentVersion(slug: string): Promise<TaskVersion | null> {
    if (!SLUG.test(slug)) return null;
    return this.database.withoutOrganisation((manager) => manager.findOneBy(TaskVersionEntity, { slug, current: true }));
  }

  /** A version by its id, current or not. @throws Problem `not-found` */
  async selectVersion(id: string): Promise<TaskVersion> {
    const version = await this.database.withoutOrganisation((manager) => manager.findOneBy(TaskVersionEntity, { id }));
    if (!version) throw notFound('task version');
    return version;
  }

  /** These versions, by id. */
  async selectVersions(ids: readonly string[]): Promise<ReadonlyMap<string, TaskVersion>> {
    const versions = await this.database.withoutOrganisation((manager) =>
      manager.findBy(TaskVersionEntity, { id: In([...ids]) }),
    );
    return new Map(versions.map((version) => [version.id, version]));
  }

  /** Every version of a task, the one synced last first; none when there is no such task. */
  async listVersions(slug: string): Promise<TaskVersion[]> {
    if (!SLUG.test(slug)) return [];
    return this.database.withoutOrganisation((manager) =>
      manager.find(TaskVersionEntity, { where: { slug }, order: { id: 'DESC' } }),
    );
  }

  /** What the candidate downloads, tar.gz. @throws Problem `not-found` */
  async selectStarter(taskVersionId: string): Promise<Buffer> {
    const version = await this.database.withoutOrganisation((manager) =>
      manager.findOne(TaskVersionEntity, { where: { id: taskVersionId }, select: { id: true, starter: true } }),
    );
    if (!version) throw notFound('task version');
    return version.starter;
  }
}
