import type { PracticeOutcome } from '@assay/contracts/practice-report';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One run of the visible checks. Its report is in the same row and read only where one run is shown: see `practice.queries.ts`. */
@Entity('practice_runs')
export class PracticeRun {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('uuid', { name: 'evaluation_id' }) evaluationId!: string;
  @Column('uuid', { name: 'task_version_id' }) taskVersionId!: string;
  @Column('text', { name: 'archive_sha256' }) archiveSha256!: string;
  @Column('int', { name: 'archive_bytes' }) archiveBytes!: number;
  @Column('int', { name: 'file_count' }) fileCount!: number;
  @Column('timestamptz', { name: 'requested_at', default: () => 'now()' }) requestedAt!: Date;
  @Column('timestamptz', { name: 'queued_at', nullable: true }) queuedAt!: Date | null;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt!: Date | null;
  @Column('text', { nullable: true }) outcome!: PracticeOutcome | null;
}
