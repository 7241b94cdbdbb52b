import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiKeysModule } from '../../api-keys/api-keys.module';
import { MembersModule } from '../../members/members.module';
import { OrganisationsModule } from '../../organisations/organisations.module';
import { AuthModule } from '../auth.module';
import { LocalStrategy } from './local.strategy';
import { MeController } from './me.controller';
import { RefreshTokenEntity } from './refresh-token.entity';
import { SessionsController } from './sessions.controller';
import { SessionsService } from './sessions.service';

/** Signing in and staying signed in. */
@Module({
  imports: [TypeOrmModule.forFeature([RefreshTokenEntity]), AuthModule, MembersModule, ApiKeysModule, OrganisationsModule],
  controllers: [SessionsController, MeController],
  providers: [SessionsService, LocalStrategy],
})
export class SessionsModule {}
