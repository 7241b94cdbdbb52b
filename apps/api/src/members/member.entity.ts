import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StaffRole } from '../auth/permission';

/** A person who signs in. The address is in lower case and theirs alone on the whole installation. */
@Entity('members')
export class MemberEntity {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('text') email!: string;
  @Column('text') name!: string;
  @Column('text') role!: StaffRole;
  @Column('text', { name: 'password_hash' }) passwordHash!: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
  @Column('timestamptz', { name: 'disabled_at', nullable: true }) disabledAt!: Date | null;
}
