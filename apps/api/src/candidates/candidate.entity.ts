import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person whom the organisation evaluates. The address is in lower case and theirs alone within the organisation. */
@Entity('candidates')
export class CandidateEntity {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('text') name!: string;
  @Column('text') email!: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
}
