import { Controller, Get, Headers, Param, ParseUUIDPipe, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../auth/permission.decorator';
import { TenantDatabase } from '../database/tenant-database';
import { notFound, Problem } from '../http/problem';
import { selectOptionalArchive } from './grading-job.queries';
import { RunTokenService } from './run-token.service';

/** Hands a submission's archive to the worker that grades it. */
@ApiExcludeController()
@Controller('internal/organisations/:organisationId/grading-runs/:runId')
export class ArchiveController {
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
    const content = await this.database.inOrganisation(organisationId, (manager) => selectOptionalArchive(manager, runId));
    if (!content) throw notFound('unfinished grading run');
    return new StreamableFile(content, { type: 'application/octet-stream', length: content.length });
  }
}
