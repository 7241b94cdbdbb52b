import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one US dollar was worth on a day. Never changed: a wrong one is corrected by another row of the same currency and day. */
@Entity('exchange_rates')
export class ExchangeRateEntity {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  /** ISO 4217, never USD. */
  @Column('text') currency!: string;
  /** Decimal text, every digit that was given. */
  @Column('numeric', { name: 'per_dollar' }) perDollar!: string;
  /** `YYYY-MM-DD` */
  @Column('date') day!: string;
  @Column('text') source!: string;
  /** The rate that this one takes the place of, or null. */
  @Column('uuid', { nullable: true }) corrects!: string | null;
  @Column('text', { name: 'correction_reason', nullable: true }) correctionReason!: string | null;
  @Column('text', { name: 'created_by_kind' }) createdByKind!: 'member' | 'api_key';
  @Column('uuid', { name: 'created_by' }) createdBy!: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
}
