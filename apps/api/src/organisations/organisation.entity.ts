import { Column, Entity, PrimaryColumn } from 'typeorm';

export const FEEDBACK_POLICIES = ['none', 'after_submission', 'after_decision'] as const;

/** How much of a grade candidates may read, and from when. */
export type FeedbackPolicy = (typeof FEEDBACK_POLICIES)[number];

/** A tenant: everything else belongs to one. */
@Entity('organisations')
export class OrganisationEntity {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'candidate_feedback', default: 'after_submission' }) candidateFeedback!: FeedbackPolicy;
  @Column('boolean', { name: 'unstartable_uses_attempt', default: false }) unstartableUsesAttempt!: boolean;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' }) updatedAt!: Date;
}
