import type { GradingReport, RunOutcome } from '@assay/contracts/grading-report';
import { type ComparedGrade, type Comparison, compareReports } from '@assay/scoring/compare-reports';
import { Injectable } from '@nestjs/common';
import { GradingReportsService } from '../grading-reports/grading-reports.service';
import { ScorecardsService } from '../scorecards/scorecards.service';

/** A run that is over. */
interface FinishedRun {
  readonly id: string;
  readonly organisationId: string;
  readonly outcome: RunOutcome;
}

/** Compares what is stored of two runs. */
@Injectable()
export class GradeComparisons {
  constructor(
    private readonly reports: GradingReportsService,
    private readonly scorecards: ScorecardsService,
  ) {}

  /** What the later run says otherwise than the earlier one. */
  async compare(earlier: FinishedRun, later: FinishedRun): Promise<Comparison> {
    return compareReports(await this.gradeOf(earlier), await this.gradeOf(later));
  }

  private async gradeOf({ id, organisationId, outcome }: FinishedRun): Promise<ComparedGrade> {
    const report: GradingReport | null = await this.reports.selectOptionalReport(organisationId, id);
    const card = outcome === 'graded' ? await this.scorecards.selectOptionalOfRun(organisationId, id) : null;
    return {
      outcome,
      checks: report?.checks ?? [],
      provenance: report?.provenance ?? null,
      scorecard: card?.scorecard ?? null,
    };
  }
}
