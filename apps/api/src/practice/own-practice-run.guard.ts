import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { candidateOf, type Principal } from '../auth/principal';
import { ChangeStreams } from '../http/change-streams';
import { notFound, Problem } from '../http/problem';
import { PracticeRunsService } from './practice-runs.service';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Refuses a stream of somebody else's practice run before it begins; once it has begun, its answer is 200 and cannot be a 404. */
@Injectable()
export class OwnPracticeRunGuard implements CanActivate {
  constructor(
    private readonly runs: PracticeRunsService,
    private readonly streams: ChangeStreams,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { user: Principal }>();
    const id = String(request.params.id);
    if (!UUID.test(id)) throw notFound('practice run');
    const candidate = candidateOf(request.user);
    await this.runs.selectOwn(candidate, id);
    if (this.streams.hasRoomFor(candidate.evaluationId)) return true;
    throw new Problem(
      'too-many-requests',
      'You follow this evaluation in too many windows. Close one, or ask for the status instead.',
    );
  }
}
