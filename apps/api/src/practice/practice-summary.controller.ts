import { Controller, Get, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { PracticeSummaryDto } from './practice.dto';
import { PracticeRunsService } from './practice-runs.service';

/** The staff's side of practice. */
@ApiTags('submissions')
@Controller('evaluations/:id/practice')
export class PracticeSummaryController {
  constructor(private readonly runs: PracticeRunsService) {}

  /** How often the candidate practised. What came of it is shown to the candidate alone. */
  @Get()
  @RequirePermission(Permission.ReadSubmissions)
  @ApiOkResponse({ type: PracticeSummaryDto })
  read(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<PracticeSummaryDto> {
    return this.runs.summary(principal, id);
  }
}
