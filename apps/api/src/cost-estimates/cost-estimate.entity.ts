import type { Assumption } from '@assay/cost-model/assumption';
import type { BreakEven } from '@assay/cost-model/break-even';
import type { ClaimComparison } from '@assay/cost-model/claims';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import type { Breakdown } from '@assay/cost-model/formulas';
import type { HiringModel, Project } from '@assay/cost-model/project';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type BasedOnKind = 'scenario' | 'rerun';

/**
 * A cost estimate with everything it rests on, so that it reads the same after the model's defaults have changed. Only its name and
 * whether it is archived ever change; the database grants no more.
 */
@Entity('cost_estimates')
export class CostEstimateEntity {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('text', { nullable: true }) name!: string | null;
  @Column('jsonb') project!: Project;
  /** Everything that the report follows from. Large, so not read unless asked for; null for an estimate from before reports. */
  @Column('json', { nullable: true, select: false }) input!: EstimateInput | null;
  /** Large, so not read unless asked for; null for an estimate from before reports. */
  @Column('json', { nullable: true, select: false }) report!: EstimateReport | null;
  /** A copy of every assumption that was used, with its provenance. */
  @Column('jsonb', { select: false }) assumptions!: readonly Assumption[];
  @Column('jsonb', { name: 'break_evens', select: false }) breakEvens!: readonly BreakEven[];
  @Column('jsonb', { select: false }) claims!: readonly ClaimComparison[];
  @Column('jsonb', { select: false }) warnings!: readonly string[];
  @Column('text', { default: 'USD' }) currency!: string;
  /** Decimal text: units of the currency for one US dollar. */
  @Column('numeric', { name: 'exchange_rate', default: 1 }) exchangeRate!: string;
  /** `YYYY-MM-DD` */
  @Column('date', { name: 'exchange_rate_date', nullable: true }) exchangeRateDate!: string | null;
  @Column('text', { name: 'exchange_rate_source', nullable: true }) exchangeRateSource!: string | null;
  @Column('uuid', { name: 'assumption_set_id', nullable: true }) assumptionSetId!: string | null;
  @Column('int', { name: 'assumption_set_version', nullable: true }) assumptionSetVersion!: number | null;
  /** As the set was called then. */
  @Column('text', { name: 'assumption_set_name', nullable: true }) assumptionSetName!: string | null;
  @Column('uuid', { name: 'based_on_id', nullable: true }) basedOnId!: string | null;
  @Column('text', { name: 'based_on_kind', nullable: true }) basedOnKind!: BasedOnKind | null;
  @Column('uuid', { name: 'created_by' }) createdBy!: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
  @Column('timestamptz', { name: 'archived_at', nullable: true }) archivedAt!: Date | null;
  @Column('uuid', { name: 'archived_by', nullable: true }) archivedBy!: string | null;
}

/** What one hiring model costs in an estimate. Money is decimal text with the decimals of its currency, such as `358386.94`. */
@Entity('cost_estimate_models')
export class CostEstimateModelEntity {
  @PrimaryColumn('uuid', { name: 'cost_estimate_id' }) costEstimateId!: string;
  @PrimaryColumn('text') model!: HiringModel;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('numeric') total!: string;
  @Column('text') currency!: string;
  /** Decimal text, four places. */
  @Column('numeric', { name: 'delivery_months' }) deliveryMonths!: string;
  @Column('jsonb') breakdown!: Breakdown;
  // Null where the estimate was never simulated, all or none.
  @Column('numeric', { name: 'cost_p10', nullable: true }) costP10!: string | null;
  @Column('numeric', { name: 'cost_p50', nullable: true }) costP50!: string | null;
  @Column('numeric', { name: 'cost_p90', nullable: true }) costP90!: string | null;
  @Column('numeric', { name: 'delivery_p10', nullable: true }) deliveryP10!: string | null;
  @Column('numeric', { name: 'delivery_p50', nullable: true }) deliveryP50!: string | null;
  @Column('numeric', { name: 'delivery_p90', nullable: true }) deliveryP90!: string | null;
}
