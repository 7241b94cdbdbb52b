import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { candidateOf, type Principal } from '../auth/principal';
import { notFound, Problem } from '../http/problem';
import { SubmissionEvents } from './submission-events';
import { SubmissionsService } from './submissions.service';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Refuses a stream of somebody else's submission before it begins; once it has begun, its answer is 200 and cannot be a 404. */
@Injectable()
export class OwnSubmissionGuard implements CanActivate {
  constructor(
    private readonly submissions: SubmissionsService,
    private readonly events: SubmissionEvents,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { user: Principal }>();
    const id = String(request.params.id);
    if (!UUID.test(id)) throw notFound('submission');
    const candidate = candidateOf(request.user);
    await this.submissions.selectOwn(candidate, id);
    if (!this.events.hasRoomFor(candidate.evaluationId)) {
      throw new Problem(
        'too-many-requests',
        'You follow this evaluation in too many windows. Close one, or ask for the status instead.',
      );
    }
    return true;
  }
}
