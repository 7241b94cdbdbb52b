import type { Assumption } from '@assay/cost-model/assumption';
import type { AssumptionChange } from '@assay/cost-model/assumption-set-changes';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An organisation's own figures under a name, which no other of its sets has, in any case. What they are is in its versions. */
@Entity('assumption_sets')
export class AssumptionSetEntity {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('text') name!: string;
  @Column('text', { nullable: true }) description!: string | null;
  @Column('integer', { name: 'newest_version', default: 1 }) newestVersion!: number;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
  @Column('timestamptz', { name: 'archived_at', nullable: true }) archivedAt!: Date | null;
}

/** One version of a set, 1, 2, 3, ... Never changed. */
@Entity('assumption_set_versions')
export class AssumptionSetVersionEntity {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('uuid', { name: 'assumption_set_id' }) assumptionSetId!: string;
  @Column('integer') version!: number;
  /** A copy of every assumption that the model had when the version was made. Large, so not read unless asked for. */
  @Column('jsonb', { select: false }) assumptions!: readonly Assumption[];
  /** Against the version before; of the first version, against the model's defaults. */
  @Column('jsonb') changes!: readonly AssumptionChange[];
  @Column('text', { name: 'created_by_kind' }) createdByKind!: 'member' | 'api_key';
  @Column('uuid', { name: 'created_by' }) createdBy!: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
}
