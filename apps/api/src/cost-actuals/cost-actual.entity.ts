import type { HiringModel } from '@assay/cost-model/project';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Foretold } from './foretold';

/** What a hire really cost and took. Never changed: a correction is a further row, and the highest revision of an estimate counts. */
@Entity('estimate_actuals')
export class CostActualEntity {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('uuid', { name: 'cost_estimate_id' }) costEstimateId!: string;
  /** From 1. */
  @Column('int') revision!: number;
  /** Takes the revision before back, whose figures it repeats: until a further one, nothing counts. */
  @Column('boolean', { default: false }) withdrawn!: boolean;
  /** The one that was taken. */
  @Column('text') model!: HiringModel;
  /** Decimal text, as are all amounts and durations here. */
  @Column('numeric') cost!: string;
  @Column('text') currency!: string;
  /** Units of the currency for one US dollar, when it was recorded. */
  @Column('numeric', { name: 'per_dollar' }) perDollar!: string;
  /** `YYYY-MM-DD` */
  @Column('date', { name: 'rate_day' }) rateDay!: string;
  @Column('text', { name: 'rate_source' }) rateSource!: string;
  @Column('numeric', { name: 'delivery_months' }) deliveryMonths!: string;
  @Column('numeric', { name: 'months_to_start', nullable: true }) monthsToStart!: string | null;
  @Column('numeric', { name: 'worked_hours', nullable: true }) workedHours!: string | null;
  /** In the currency of the cost, as is the salary. */
  @Column('numeric', { name: 'hourly_rate', nullable: true }) hourlyRate!: string | null;
  @Column('numeric', { name: 'annual_salary', nullable: true }) annualSalary!: string | null;
  @Column('int', { nullable: true }) exits!: number | null;
  @Column('date', { name: 'started_on', nullable: true }) startedOn!: string | null;
  @Column('date', { name: 'delivered_on', nullable: true }) deliveredOn!: string | null;
  @Column('text', { nullable: true }) note!: string | null;
  /** Why the revision before was wrong; null for the first. */
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('jsonb') foretold!: Foretold;
  @Column('text', { name: 'recorded_by_kind' }) recordedByKind!: 'member' | 'api_key';
  @Column('uuid', { name: 'recorded_by' }) recordedBy!: string;
  @Column('timestamptz', { name: 'recorded_at', default: () => 'now()' }) recordedAt!: Date;
}
