import {
  Controller,
  Get,
  HttpCode,
  type MessageEvent,
  Param,
  ParseUUIDPipe,
  Post,
  Req,
  Sse,
  UploadedFile,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, candidateOf, type Principal } from '../auth/principal';
import type { TimedRequest } from '../http/arrival';
import { Idempotent } from '../http/idempotency';
import { RateLimit } from '../http/rate-limit';
import { OwnSubmissionGuard } from './own-submission.guard';
import { ReceiveArchive } from './receive-archive';
import { SubmissionEvents } from './submission-events';
import { SubmissionDto } from './submissions.dto';
import { SubmissionsService } from './submissions.service';

/** The candidate's side of submissions. */
@ApiTags('candidate')
@Controller('candidate/evaluation/submissions')
export class CandidateSubmissionsController {
  constructor(
    private readonly submissions: SubmissionsService,
    private readonly events: SubmissionEvents,
  ) {}

  /** Hands in a project as tar.gz or zip: at most 10 MiB and 2,000 files. Grading begins at once. */
  @Post()
  @HttpCode(202)
  @RequirePermission(Permission.TakeEvaluation)
  @RateLimit('upload')
  @Idempotent()
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', required: ['archive'], properties: { archive: { type: 'string', format: 'binary' } } } })
  @ApiAcceptedResponse({ type: SubmissionDto })
  @UseInterceptors(ReceiveArchive)
  submit(
    @CurrentPrincipal() principal: Principal,
    @UploadedFile() archive: Express.Multer.File,
    @Req() request: TimedRequest,
  ): Promise<SubmissionDto> {
    return this.submissions.submit(candidateOf(principal), archive.buffer, request.arrivedAt);
  }

  @Get(':id')
  @RequirePermission(Permission.TakeEvaluation)
  @ApiOkResponse({ type: SubmissionDto })
  read(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<SubmissionDto> {
    return this.submissions.selectOwn(candidateOf(principal), id);
  }

  /** The submission's status as server-sent events, one at every change; the stream ends with the grade. */
  @Sse(':id/events')
  @UseGuards(OwnSubmissionGuard)
  @RequirePermission(Permission.TakeEvaluation)
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  follow(@CurrentPrincipal() principal: Principal, @Param('id') id: string): Observable<MessageEvent> {
    const candidate = candidateOf(principal);
    return this.events.follow(candidate.evaluationId, () => this.submissions.selectOwn(candidate, id));
  }
}
