import { ApiProperty } from '@nestjs/swagger';
import { IsEmail, IsString, Length, MaxLength } from 'class-validator';
import { PASSWORD_MAX_LENGTH } from '../password.service';
import { Permission } from '../permission';

export class SignInDto {
  @ApiProperty({ format: 'email', example: 'owner@demo.example' })
  @IsEmail()
  @MaxLength(320)
  email!: string;

  @ApiProperty({ format: 'password' })
  @IsString()
  @Length(1, PASSWORD_MAX_LENGTH)
  password!: string;
}

export class RefreshTokenDto {
  @ApiProperty({ description: 'The newest refresh token you got.' })
  @IsString()
  @Length(1, 200)
  refreshToken!: string;
}

export class SessionDto {
  @ApiProperty({ description: 'Send it as "Authorization: Bearer ...".' }) accessToken!: string;
  @ApiProperty({ description: 'Good for one refresh. Using it twice ends the session.' }) refreshToken!: string;
  @ApiProperty({ type: 'integer', description: 'Seconds that the access token is good for.' }) expiresIn!: number;
}

export class OwnOrganisationDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() name!: string;
}

export class MeDto {
  @ApiProperty({ enum: ['member', 'api_key'] }) kind!: 'member' | 'api_key';
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: 'Name of the member or of the API key.' }) name!: string;
  @ApiProperty({ type: 'string', format: 'email', nullable: true, description: 'Null for an API key.' }) email!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'Null for an API key.' }) role!: string | null;
  @ApiProperty({ enum: Permission, isArray: true }) permissions!: Permission[];
  @ApiProperty({ type: OwnOrganisationDto }) organisation!: OwnOrganisationDto;
}
