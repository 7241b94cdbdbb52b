import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { candidateOf, type Principal } from '../auth/principal';
import { notFound } from '../http/problem';
import { SubmissionsService } from './submissions.service';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Refuses a stream of somebody else's submission before it begins; once it has begun, its answer is 200 and cannot be a 404. */
@Injectable()
export class OwnSubmissionGuard implements CanActivate {
  constructor(private readonly submissions: SubmissionsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { user: Principal }>();
    const id = String(request.params.id);
    if (!UUID.test(id)) throw notFound('submission');
    await this.submissions.selectOwn(candidateOf(request.user), id);
    return true;
  }
}
