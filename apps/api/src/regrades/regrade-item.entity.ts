import type { Comparison } from '@assay/scoring/compare-reports';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export const ITEM_DECISIONS = ['approved', 'rejected', 'cancelled'] as const;
export type ItemDecision = (typeof ITEM_DECISIONS)[number];

/** One submission of a regrade: the run whose scorecard stood, the new run beside it, and what was made of them. */
@Entity('regrade_items')
export class RegradeItem {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('uuid', { name: 'regrade_id' }) regradeId!: string;
  @Column('uuid', { name: 'evaluation_id' }) evaluationId!: string;
  @Column('uuid', { name: 'submission_id' }) submissionId!: string;
  @Column('uuid', { name: 'earlier_run_id' }) earlierRunId!: string;
  @Column('uuid', { name: 'new_run_id' }) newRunId!: string;
  /** What differs; null until the new run is over. */
  @Column('jsonb', { nullable: true }) comparison!: Comparison | null;
  @Column('boolean', { nullable: true }) changed!: boolean | null;
  /** Null while the old scorecard stands and a lead has not spoken. */
  @Column('text', { nullable: true }) decision!: ItemDecision | null;
  @Column('text', { name: 'decision_reason', nullable: true }) decisionReason!: string | null;
  @Column('uuid', { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @Column('timestamptz', { name: 'decided_at', nullable: true }) decidedAt!: Date | null;
}
