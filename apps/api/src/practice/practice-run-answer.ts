import type { PracticeReport } from '@assay/contracts/practice-report';
import type { PracticeAllowance } from '@assay/lifecycle/practice-allowance';
import { isPracticeOver, practiceSentence, practiceStatus } from '@assay/lifecycle/practice-status';
import type { QueueStandingDto } from '../grading/queue-standing';
import { NEVER_SCORED, type PracticeAllowanceDto, type PracticeRunDetailDto, type PracticeRunDto } from './practice.dto';
import type { KnownPracticeProgress } from './practice-progress.service';
import type { PracticeRun } from './practice-run.entity';

/** How a run stands beside what is stored of it. */
export interface PracticeStanding {
  /** Null when nobody knows. */
  readonly progress: KnownPracticeProgress | null;
  readonly queue: QueueStandingDto | null;
}

/** A run as lists show it. */
export function answerPracticeRun(run: PracticeRun, { progress, queue }: PracticeStanding): PracticeRunDto {
  const status = practiceStatus(run);
  return {
    id: run.id,
    status,
    message: practiceSentence(status),
    phase: run.outcome ? null : (progress?.phase ?? null),
    queue: status === 'queued' ? queue : null,
    archiveSha256: run.archiveSha256,
    archiveBytes: run.archiveBytes,
    fileCount: run.fileCount,
    requestedAt: run.requestedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}

/** A run with its checks: those of its result, or while it goes on those that a worker told of. */
export function answerPracticeDetail(
  run: PracticeRun,
  standing: PracticeStanding,
  report: PracticeReport | null,
  allowance: PracticeAllowance,
): PracticeRunDetailDto {
  const answer = answerPracticeRun(run, standing);
  const isOver = isPracticeOver(answer.status);
  const going = isOver ? null : standing.progress;
  const ran = report ? report.checks.length + report.unlistedChecks : null;
  return {
    ...answer,
    reason: report?.reason ?? null,
    done: ran ?? going?.done ?? 0,
    total: ran ?? going?.total ?? null,
    checks: report ? [...report.checks] : (going?.steps ?? []).map((step) => ({ ...step, message: null })),
    output: report?.output ?? null,
    resultKept: !isOver || report !== null,
    allowance: answerAllowance(allowance),
    notice: NEVER_SCORED,
  };
}

export function answerAllowance({ perHour, left, nextAt }: PracticeAllowance): PracticeAllowanceDto {
  return { perHour, left, nextAt: nextAt?.toISOString() ?? null };
}
