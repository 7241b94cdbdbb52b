import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { CONFIG, type Config } from '../../config';
import { type AccessClaims, principalOf } from '../access-token.service';
import type { Principal } from '../principal';

/** Verifies a signed access token (HS256 only, so that no token can choose its own algorithm). */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, 'access-token') {
  constructor(@Inject(CONFIG) config: Config) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: config.jwtSecret,
      algorithms: ['HS256'],
      issuer: 'assay',
      audience: ['staff', 'candidate'],
      ignoreExpiration: false,
    });
  }

  validate(claims: AccessClaims): Principal | false {
    return principalOf(claims) ?? false;
  }
}
