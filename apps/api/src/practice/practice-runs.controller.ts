import { isPracticeOver } from '@assay/lifecycle/practice-status';
import {
  Controller,
  Get,
  HttpCode,
  type MessageEvent,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
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
import { TenantDatabase } from '../database/tenant-database';
import type { TimedRequest } from '../http/arrival';
import { ChangeStreams } from '../http/change-streams';
import { Idempotent } from '../http/idempotency';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { RateLimit } from '../http/rate-limit';
import { ReceiveArchive } from '../submissions/receive-archive';
import { OwnPracticeRunGuard } from './own-practice-run.guard';
import { PracticeRunDetailDto, PracticeRunDto } from './practice.dto';
import { PracticeRelay } from './practice-relay';
import { PracticeRunsService } from './practice-runs.service';

/** The candidate's practice: the visible checks on the engine that grades. No attempt is used and nothing of it is scored. */
@ApiTags('candidate')
@Controller('candidate/evaluation/practice-runs')
export class PracticeRunsController {
  constructor(
    private readonly runs: PracticeRunsService,
    private readonly streams: ChangeStreams,
    private readonly relay: PracticeRelay,
    private readonly database: TenantDatabase,
  ) {}

  /** Runs the visible checks on a project, archived as for a submission. One at a time, and a number of them in an hour. */
  @Post()
  @HttpCode(202)
  @RequirePermission(Permission.TakeEvaluation)
  @RateLimit('upload')
  @Idempotent()
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', required: ['archive'], properties: { archive: { type: 'string', format: 'binary' } } } })
  @ApiAcceptedResponse({ type: PracticeRunDetailDto })
  @UseInterceptors(ReceiveArchive)
  async start(
    @CurrentPrincipal() principal: Principal,
    @UploadedFile() archive: Express.Multer.File,
    @Req() request: TimedRequest,
  ): Promise<PracticeRunDetailDto> {
    const run = await this.runs.request(candidateOf(principal), archive.buffer, request.arrivedAt);
    this.database.afterCommit(() => this.relay.wake());
    return run;
  }

  /** Your practice runs, newest first. */
  @Get()
  @RequirePermission(Permission.TakeEvaluation)
  @ApiPage(PracticeRunDto)
  list(@CurrentPrincipal() principal: Principal, @Query() page: PageQuery): Promise<Page<PracticeRunDto>> {
    return this.runs.listOwn(candidateOf(principal), page);
  }

  @Get(':id')
  @RequirePermission(Permission.TakeEvaluation)
  @ApiOkResponse({ type: PracticeRunDetailDto })
  read(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<PracticeRunDetailDto> {
    return this.runs.selectOwn(candidateOf(principal), id);
  }

  /**
   * The run as server-sent events: place in the queue, phases, each check as it ends, then the result. Each event holds the whole state,
   * so a stream that is opened again goes on where it is; it ends with the result.
   */
  @Sse(':id/events')
  @UseGuards(OwnPracticeRunGuard)
  @RequirePermission(Permission.TakeEvaluation)
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  follow(@CurrentPrincipal() principal: Principal, @Param('id') id: string): Observable<MessageEvent> {
    const candidate = candidateOf(principal);
    return this.streams.follow({
      owner: candidate.evaluationId,
      look: () => this.runs.selectOwn(candidate, id),
      isOver: ({ status }) => isPracticeOver(status),
    });
  }
}
