import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Decision } from './evaluations.dto';

/** A candidate's evaluation: one task, one rubric, one time box. Its status is derived from these times, never stored. */
@Entity('evaluations')
export class Evaluation {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('uuid', { name: 'candidate_id' }) candidateId!: string;
  @Column('uuid', { name: 'task_version_id' }) taskVersionId!: string;
  @Column('uuid', { name: 'rubric_id' }) rubricId!: string;
  @Column('text') role!: string;
  @Column('int', { name: 'time_box_minutes' }) timeBoxMinutes!: number;
  @Column('int', { name: 'attempts_allowed' }) attemptsAllowed!: number;
  /** Whether a submission that could not be graded for a reason of its own uses an attempt. */
  @Column('boolean', { name: 'unstartable_uses_attempt', default: false }) unstartableUsesAttempt!: boolean;
  @Column('timestamptz', { name: 'opens_at', nullable: true }) opensAt!: Date | null;
  @Column('timestamptz', { name: 'closes_at', nullable: true }) closesAt!: Date | null;
  @Column('uuid', { name: 'created_by' }) createdBy!: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
  @Column('timestamptz', { name: 'invited_at', nullable: true }) invitedAt!: Date | null;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { name: 'submitted_at', nullable: true }) submittedAt!: Date | null;
  @Column('timestamptz', { name: 'graded_at', nullable: true }) gradedAt!: Date | null;
  @Column('timestamptz', { name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @Column('text', { nullable: true }) decision!: Decision | null;
  @Column('timestamptz', { name: 'cancelled_at', nullable: true }) cancelledAt!: Date | null;
}
