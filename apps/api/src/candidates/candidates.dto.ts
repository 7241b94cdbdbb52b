import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsEmail, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { PageQuery } from '../http/pagination';
import { IsPlainText } from '../http/plain-text';
import { Trimmed } from '../http/trimmed';
import type { Candidate } from './candidates.service';

const address = ({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim().toLowerCase() : value);

export class CreateCandidateDto {
  @ApiProperty({ example: 'Ada Lovelace', minLength: 1, maxLength: 200 })
  @Trimmed()
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  name!: string;

  @ApiProperty({ format: 'email', example: 'ada@example.com', description: 'Kept in lower case.' })
  @Transform(address)
  // A quoted part before the @ may hold spaces, commas and whole other addresses; no mailbox of a person needs it.
  @IsEmail({ blacklisted_chars: '"' })
  @MaxLength(320)
  email!: string;
}

export class CandidatesQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'email', description: 'Only the candidate with this address.' })
  @IsOptional()
  @Transform(address)
  @IsEmail()
  @MaxLength(320)
  email?: string;
}

export class CandidateDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ format: 'email' }) email!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
}

export function toCandidateDto(candidate: Candidate): CandidateDto {
  return {
    id: candidate.id,
    name: candidate.name,
    email: candidate.email,
    createdAt: candidate.createdAt.toISOString(),
  };
}
