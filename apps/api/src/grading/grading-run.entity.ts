import type { RunOutcome, RunReason } from '@assay/contracts/grading-report';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One grading of one submission. A regrade is a new run beside the old one. */
@Entity('grading_runs')
export class GradingRun {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('uuid', { name: 'submission_id' }) submissionId!: string;
  @Column('uuid', { name: 'task_version_id' }) taskVersionId!: string;
  @Column('uuid', { name: 'rubric_id' }) rubricId!: string;
  @Column('uuid', { name: 'requested_by', nullable: true }) requestedBy!: string | null;
  /** The regrade that it belongs to, or null for a run that the submission is owed. */
  @Column('uuid', { name: 'regrade_id', nullable: true }) regradeId!: string | null;
  @Column('timestamptz', { name: 'requested_at', default: () => 'now()' }) requestedAt!: Date;
  @Column('timestamptz', { name: 'queued_at', nullable: true }) queuedAt!: Date | null;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt!: Date | null;
  @Column('text', { nullable: true }) outcome!: RunOutcome | null;
  @Column('jsonb', { nullable: true }) reason!: RunReason | null;
}
