import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A published rubric. Shared by all organisations; the database refuses to change one that an evaluation uses. */
@Entity('rubrics')
export class RubricEntity {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('text') version!: string;
  @Column('text') title!: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
}

@Entity('rubric_areas')
export class RubricAreaEntity {
  @PrimaryColumn('uuid', { name: 'rubric_id' }) rubricId!: string;
  @PrimaryColumn('text') id!: string;
  @Column('text') name!: string;
  @Column('numeric') weight!: string;
}

@Entity('rubric_criteria')
export class RubricCriterionEntity {
  @PrimaryColumn('uuid', { name: 'rubric_id' }) rubricId!: string;
  @PrimaryColumn('text') id!: string;
  @Column('text', { name: 'area_id' }) areaId!: string;
  @Column('text') name!: string;
  @Column('numeric') weight!: string;
  @Column('text', { name: 'auto_evidence' }) autoEvidence!: string;
  @Column('boolean', { name: 'human_rated' }) humanRated!: boolean;
}

@Entity('rubric_levels')
export class RubricLevelEntity {
  @PrimaryColumn('uuid', { name: 'rubric_id' }) rubricId!: string;
  @PrimaryColumn('text', { name: 'criterion_id' }) criterionId!: string;
  @PrimaryColumn('smallint') level!: number;
  @Column('text') description!: string;
}
