import type { CriterionId } from '@assay/contracts/rubric-ids';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One state of a task pack, without its hidden checks. Never changed, but for which one is current. */
@Entity('task_versions')
export class TaskVersionEntity {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('text') slug!: string;
  @Column('text') version!: string;
  @Column('text', { name: 'content_hash' }) contentHash!: string;
  @Column('text') title!: string;
  @Column('text') summary!: string;
  @Column('text') prompt!: string;
  @Column('int', { name: 'time_box_minutes' }) timeBoxMinutes!: number;
  @Column('text', { name: 'measured_criteria', array: true }) measuredCriteria!: CriterionId[];
  /** The archive that the candidate downloads; large, so only `selectStarter` reads it. */
  @Column('bytea', { select: false }) starter!: Buffer;
  @Column('timestamptz', { name: 'synced_at', default: () => 'now()' }) syncedAt!: Date;
  @Column('boolean', { default: true }) current!: boolean;
}
