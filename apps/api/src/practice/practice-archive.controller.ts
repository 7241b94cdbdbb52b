import { Controller, Get, Headers, Param, ParseUUIDPipe, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../auth/permission.decorator';
import { TenantDatabase } from '../database/tenant-database';
import { RunTokenService } from '../grading/run-token.service';
import { notFound, Problem } from '../http/problem';
import { selectOptionalPracticeArchive } from './practice.queries';

/** Hands a practice run's archive to the worker that runs it. */
@ApiExcludeController()
@Controller('internal/organisations/:organisationId/practice-runs/:runId')
export class PracticeArchiveController {
  constructor(
    private readonly database: TenantDatabase,
    private readonly tokens: RunTokenService,
  ) {}

  @Get('archive')
  @Public('opened by the token of this very run')
  async archive(
    @Param('organisationId', ParseUUIDPipe) organisationId: string,
    @Param('runId', ParseUUIDPipe) runId: string,
    @Headers('authorization') authorization = '',
  ): Promise<StreamableFile> {
    if (!this.tokens.matches(authorization.replace(/^Bearer /, ''), organisationId, runId)) {
      throw new Problem('invalid-token', 'The token does not open this archive.');
    }
    const content = await this.database.inOrganisation(organisationId, (manager) =>
      selectOptionalPracticeArchive(manager, runId),
    );
    if (!content) throw notFound('unfinished practice run');
    return new StreamableFile(content, { type: 'application/octet-stream', length: content.length });
  }
}
