import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { Problem } from '../http/problem';
import type { Permission } from './permission';
import { PUBLIC_ENDPOINT, REQUIRED_PERMISSION } from './permission.decorator';
import type { Principal } from './principal';

/** Signs the request in with a bearer token: an access token or an API key. */
@Injectable()
class BearerGuard extends AuthGuard(['access-token', 'api-key']) {
  override handleRequest<T>(error: unknown, user: T | false): T {
    if (error) throw error;
    if (!user) {
      throw new Problem(
        'unauthenticated',
        'Send a valid access token or API key in the header "Authorization: Bearer ...". An access token is short-lived: refresh it when it has expired.',
      );
    }
    return user;
  }
}

/** Deny by default: lets a request pass only where the endpoint is declared public or the principal has the declared permission. */
@Injectable()
export class PermissionGuard implements CanActivate {
  private readonly bearer = new BearerGuard();

  constructor(private readonly reflector: Reflector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.get<string | undefined>(PUBLIC_ENDPOINT, context.getHandler())) return true;
    const required = this.reflector.get<Permission | undefined>(REQUIRED_PERMISSION, context.getHandler());
    if (!required) throw new Problem('forbidden', 'This endpoint declares no permission and so answers nobody.');
    await this.bearer.canActivate(context);
    const principal = context.switchToHttp().getRequest<{ user: Principal }>().user;
    if (!principal.permissions.has(required)) throw new Problem('forbidden', `The permission ${required} is needed.`);
    return true;
  }
}
