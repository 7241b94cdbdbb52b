import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport';
import type { ApiKeyPrincipal } from '../auth/principal';
import { API_KEY_MARK, ApiKeysService } from './api-keys.service';

const BEARER_KEY = new RegExp(`^Bearer (${API_KEY_MARK}_[A-Za-z0-9_-]{1,100})$`, 'i');

type Verified = (error: unknown, principal: ApiKeyPrincipal | false | null) => void;

/** Passport's side of a bearer token: takes it from the header, has it verified, tells passport the result. */
class BearerKeyStrategy extends Strategy {
  constructor(private readonly verify: (key: string, verified: Verified) => void) {
    super();
  }

  override authenticate(request: Request): void {
    const key = BEARER_KEY.exec(request.headers.authorization ?? '')?.[1];
    if (key === undefined) {
      this.fail(401);
      return;
    }
    this.verify(key, (error, principal) => {
      if (error) this.error(error);
      else if (principal) this.success(principal);
      else this.fail(401);
    });
  }
}

/** Signs a program in by an API key. */
@Injectable()
export class ApiKeyStrategy extends PassportStrategy(BearerKeyStrategy, 'api-key') {
  constructor(private readonly apiKeys: ApiKeysService) {
    super();
  }

  async validate(key: string): Promise<ApiKeyPrincipal | false> {
    return (await this.apiKeys.selectOptionalPrincipal(key)) ?? false;
  }
}
