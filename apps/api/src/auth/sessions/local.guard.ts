import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { Problem } from '../../http/problem';
import { validationPipe } from '../../http/validation';
import { SignInDto } from './sessions.dto';

/** Lets a request pass that brings a member's address and password. */
@Injectable()
export class LocalGuard extends AuthGuard('local') {
  private readonly validation = validationPipe();

  /** Guards run before pipes, so the body is validated here: passport must never meet a body of another shape. */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const { body } = context.switchToHttp().getRequest<Request>();
    await this.validation.transform(body, { type: 'body', metatype: SignInDto });
    return (await super.canActivate(context)) as boolean;
  }

  override handleRequest<T>(error: unknown, user: T | false): T {
    if (error) throw error;
    if (!user) throw new Problem('invalid-credentials', 'The address or the password is not right, or the member is disabled.');
    return user;
  }
}
