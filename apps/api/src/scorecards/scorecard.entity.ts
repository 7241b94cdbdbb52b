import type { Rubric } from '@assay/scoring/rubric';
import type { Scorecard } from '@assay/scoring/score-report';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScorecardProvenance } from './scorecard-provenance';

/** The score of one graded run, with copies of the rubric and the provenance it rests on. Never changed, but for what it counts. */
@Entity('scorecards')
export class StoredScorecard {
  @PrimaryColumn('uuid', { name: 'grading_run_id' }) gradingRunId!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('uuid', { name: 'evaluation_id' }) evaluationId!: string;
  @Column('uuid', { name: 'submission_id' }) submissionId!: string;
  @Column('numeric', { nullable: true }) composite!: string | null;
  @Column('jsonb') scorecard!: Scorecard;
  @Column('jsonb') rubric!: Rubric;
  @Column('jsonb') provenance!: ScorecardProvenance;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
  /** Whether it is the one of its submission; exactly one of a submission's is. A regrade's is once it was approved. */
  @Column('boolean') stands!: boolean;
  /** Whether it is the one of its evaluation: that of the newest graded submission. */
  @Column('boolean') counts!: boolean;
}
