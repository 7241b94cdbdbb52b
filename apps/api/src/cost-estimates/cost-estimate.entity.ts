import type { Assumption } from '@assay/cost-model/assumption';
import type { BreakEven } from '@assay/cost-model/break-even';
import type { ClaimComparison } from '@assay/cost-model/claims';
import type { Breakdown } from '@assay/cost-model/formulas';
import type { HiringModel, Project } from '@assay/cost-model/project';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A cost estimate with everything it rests on, so that it reads the same after the model's defaults have changed. Never changed. */
@Entity('cost_estimates')
export class CostEstimateEntity {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('text', { nullable: true }) name!: string | null;
  @Column('jsonb') project!: Project;
  /** A copy of every assumption that was used, with its provenance. */
  @Column('jsonb') assumptions!: readonly Assumption[];
  @Column('jsonb', { name: 'break_evens' }) breakEvens!: readonly BreakEven[];
  @Column('jsonb') claims!: readonly ClaimComparison[];
  @Column('jsonb') warnings!: readonly string[];
  @Column('uuid', { name: 'created_by' }) createdBy!: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
}

/** What one hiring model costs in an estimate. */
@Entity('cost_estimate_models')
export class CostEstimateModelEntity {
  @PrimaryColumn('uuid', { name: 'cost_estimate_id' }) costEstimateId!: string;
  @PrimaryColumn('text') model!: HiringModel;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  /** Decimal text to the cent, such as `358386.94`. */
  @Column('numeric') total!: string;
  @Column('text') currency!: string;
  /** Decimal text, four places. */
  @Column('numeric', { name: 'delivery_months' }) deliveryMonths!: string;
  /** To the cent. */
  @Column('jsonb') breakdown!: Breakdown;
}
