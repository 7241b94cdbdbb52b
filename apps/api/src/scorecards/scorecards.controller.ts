import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { EvaluationsService } from '../evaluations/evaluations.service';
import { GradingReportsService } from '../grading-reports/grading-reports.service';
import { notFound, Problem } from '../http/problem';
import { RegradeLedger } from '../regrades/regrade-ledger.service';
import { answerScorecard } from './scorecard-answer';
import { ScorecardDto, ScorecardQuery } from './scorecards.dto';
import { ScorecardsService } from './scorecards.service';

@ApiTags('scorecards')
@Controller('evaluations')
export class ScorecardsController {
  constructor(
    private readonly evaluations: EvaluationsService,
    private readonly scorecards: ScorecardsService,
    private readonly reports: GradingReportsService,
    private readonly ledger: RegradeLedger,
  ) {}

  /** The scorecard that counts, or that of a run; every point names the checks it rests on. Beside it, in short, the others. */
  @Get(':id/scorecard')
  @RequirePermission(Permission.ReadScorecards)
  @ApiOkResponse({ type: ScorecardDto })
  async read(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { runId }: ScorecardQuery,
  ): Promise<ScorecardDto> {
    await this.evaluations.selectEvaluation(principal, id);
    const all = await this.scorecards.listOfEvaluation(principal, id);
    const stored = all.find((card) => (runId === undefined ? card.counts : card.gradingRunId === runId));
    if (!stored && runId !== undefined) throw notFound('scorecard of this evaluation');
    if (!stored)
      throw new Problem(
        'not-graded',
        'No submission of this evaluation has been graded yet. Look at its submissions for how they stand.',
      );
    const report = await this.reports.selectOptionalReport(principal.organisationId, stored.gradingRunId);
    return answerScorecard(stored, report?.checks ?? [], all, await this.ledger.selectByNewRun(principal, id));
  }
}
