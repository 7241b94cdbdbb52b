import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a candidate handed in. The archive itself is in `submission_archives`, so that lists stay light. */
@Entity('submissions')
export class Submission {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id!: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId!: string;
  @Column('uuid', { name: 'evaluation_id' }) evaluationId!: string;
  @Column('text', { name: 'archive_sha256' }) archiveSha256!: string;
  @Column('int', { name: 'archive_bytes' }) archiveBytes!: number;
  @Column('text', { name: 'archive_kind' }) archiveKind!: 'tar.gz' | 'zip';
  @Column('int', { name: 'file_count' }) fileCount!: number;
  @Column('timestamptz', { name: 'received_at', default: () => 'now()' }) receivedAt!: Date;
}
