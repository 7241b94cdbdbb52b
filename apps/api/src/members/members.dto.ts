import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsEmail, IsIn, IsString, Length, MaxLength, ValidateIf } from 'class-validator';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from '../auth/password.service';
import { STAFF_ROLES, type StaffRole } from '../auth/permission';
import { IsPlainText } from '../http/plain-text';
import { Trimmed } from '../http/trimmed';
import type { Member } from './members.service';

export class CreateMemberDto {
  @ApiProperty({ example: 'Grace Hopper', minLength: 1, maxLength: 200 })
  @Trimmed()
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  name!: string;

  @ApiProperty({ format: 'email', example: 'grace@example.com', description: 'Kept in lower case.' })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim().toLowerCase() : value))
  @IsEmail({ blacklisted_chars: '"' })
  @MaxLength(320)
  email!: string;

  @ApiProperty({ enum: STAFF_ROLES })
  @IsIn(STAFF_ROLES)
  role!: StaffRole;

  @ApiProperty({ minLength: PASSWORD_MIN_LENGTH, maxLength: PASSWORD_MAX_LENGTH, format: 'password' })
  @IsString()
  @Length(PASSWORD_MIN_LENGTH, PASSWORD_MAX_LENGTH)
  password!: string;
}

/** Fields left out stay as they are. */
export class ChangeMemberDto {
  @ApiPropertyOptional({ enum: STAFF_ROLES })
  @ValidateIf((body: ChangeMemberDto) => body.role !== undefined)
  @IsIn(STAFF_ROLES)
  role?: StaffRole;

  @ApiPropertyOptional({
    description: 'A disabled member cannot sign in; access tokens that are out end by themselves within minutes.',
  })
  @ValidateIf((body: ChangeMemberDto) => body.disabled !== undefined)
  @IsBoolean()
  disabled?: boolean;
}

export class MemberDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ format: 'email' }) email!: string;
  @ApiProperty({ enum: STAFF_ROLES }) role!: StaffRole;
  @ApiProperty() disabled!: boolean;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
}

export function toMemberDto(member: Member): MemberDto {
  return {
    id: member.id,
    name: member.name,
    email: member.email,
    role: member.role,
    disabled: member.disabledAt !== null,
    createdAt: member.createdAt.toISOString(),
  };
}
