import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { CONFIG, type Config } from '../config';
import { AccessTokenService } from './access-token.service';
import { PasswordService } from './password.service';
import { PermissionGuard } from './permission.guard';
import { AccessTokenStrategy } from './strategies/access-token.strategy';

/** Who asks, and what they may do. API keys and sign-in build on it in modules of their own. */
@Module({
  imports: [
    PassportModule.register({ session: false }),
    JwtModule.registerAsync({
      inject: [CONFIG],
      useFactory: (config: Config) => ({
        secret: config.jwtSecret,
        signOptions: { algorithm: 'HS256', issuer: 'assay' },
      }),
    }),
  ],
  providers: [AccessTokenService, PasswordService, AccessTokenStrategy, { provide: APP_GUARD, useClass: PermissionGuard }],
  exports: [AccessTokenService, PasswordService],
})
export class AuthModule {}
