import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A wish to grade submissions again: of one run, or of all that were graded with a task. Its runs are counted as its items. */
@Entity('regrades')
export class Regrade {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  /** The version that the new runs use. */
  @Column('uuid', { name: 'task_version_id' }) taskVersionId!: string;
  @Column('text') reason!: string;
  @Column('uuid', { name: 'requested_by' }) requestedBy!: string;
  @Column('timestamptz', { name: 'requested_at', default: () => 'now()' }) requestedAt!: Date;
  /** When nothing was left to decide. */
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt!: Date | null;
  @Column('timestamptz', { name: 'cancelled_at', nullable: true }) cancelledAt!: Date | null;
}
