import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import { MembersService } from '../../members/members.service';
import { type MemberPrincipal, memberPrincipal } from '../principal';

/** Signs a member in by address and password. */
@Injectable()
export class LocalStrategy extends PassportStrategy(Strategy, 'local') {
  constructor(private readonly members: MembersService) {
    super({ usernameField: 'email', passwordField: 'password', session: false });
  }

  async validate(email: string, password: string): Promise<MemberPrincipal | false> {
    const member = await this.members.selectByPassword(email.trim().toLowerCase(), password);
    return member ? memberPrincipal(member) : false;
  }
}
