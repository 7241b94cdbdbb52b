import { ApiProperty } from '@nestjs/swagger';
import type { AuditEvent } from './audit-trail.service';

const ACTOR_KINDS = ['member', 'api_key', 'candidate', 'system'] as const;

export class AuditEventDto {
  @ApiProperty({ type: 'integer', description: '1, 2, 3, ... without gaps.' }) sequence!: number;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ enum: ACTOR_KINDS }) actorKind!: AuditEvent['actorKind'];
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: 'Null for the system.' }) actorId!: string | null;
  @ApiProperty({ example: 'evaluation.invited' }) action!: string;
  @ApiProperty({ example: 'evaluation' }) subjectKind!: string;
  @ApiProperty({ format: 'uuid' }) subjectId!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) detail!: Record<string, unknown>;
  @ApiProperty({ description: 'SHA-256 over this event and the hash of the one before.' }) hash!: string;
}

export class AuditVerificationDto {
  @ApiProperty({ description: 'Whether every event is as it was written and none is missing between the first and the last.' })
  intact!: boolean;
  @ApiProperty({ type: 'integer' }) events!: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Position of the first event that is not right.' })
  firstBroken!: number | null;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Hash of the newest event. Note it elsewhere to see later whether the newest events were cut off.',
  })
  headHash!: string | null;
}

export function toAuditEventDto(event: AuditEvent): AuditEventDto {
  return {
    sequence: event.sequence,
    at: event.at.toISOString(),
    actorKind: event.actorKind,
    actorId: event.actorId,
    action: event.action,
    subjectKind: event.subjectKind,
    subjectId: event.subjectId,
    detail: event.detail,
    hash: event.hash,
  };
}
