import { PRACTICE_CHECK_OUTCOMES } from '@assay/contracts/practice-report';
import { PRACTICE_STATUSES, type PracticeStatus } from '@assay/lifecycle/practice-status';
import { ApiProperty } from '@nestjs/swagger';
import { QueueStandingDto } from '../grading/queue-standing';

/** What every answer about practice tells the candidate. */
export const NEVER_SCORED = 'Practice is for you alone: it uses no attempt, and its results never enter your score.';

export class PracticeAllowanceDto {
  @ApiProperty({ description: 'Practice runs that an evaluation may start in an hour.' }) perHour!: number;
  @ApiProperty({ description: 'How many may be started now.' }) left!: number;
  @ApiProperty({ format: 'date-time', type: String, nullable: true, description: 'When the next one may be, if none is left.' })
  nextAt!: string | null;
}

/** A practice run, as lists show it. */
export class PracticeRunDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: PRACTICE_STATUSES }) status!: PracticeStatus;
  @ApiProperty({ description: 'The status in a sentence.' }) message!: string;
  @ApiProperty({ type: String, nullable: true, description: 'What the worker is doing just now.' }) phase!: string | null;
  @ApiProperty({ type: QueueStandingDto, nullable: true, description: 'Where it stands while it waits; null when nobody knows.' })
  queue!: QueueStandingDto | null;
  @ApiProperty() archiveSha256!: string;
  @ApiProperty() archiveBytes!: number;
  @ApiProperty() fileCount!: number;
  @ApiProperty({ format: 'date-time' }) requestedAt!: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) finishedAt!: string | null;
}

export class PracticeCheckDto {
  @ApiProperty({ description: 'As pytest names it, relative to `visible-checks/`.' }) id!: string;
  @ApiProperty({ enum: PRACTICE_CHECK_OUTCOMES }) outcome!: string;
  @ApiProperty() durationMs!: number;
  @ApiProperty({ type: String, nullable: true, description: 'Why it did not pass; null while the run goes on.' })
  message!: string | null;
}

export class PracticeReasonDto {
  @ApiProperty({ description: 'Stable, for example `checks-not-run`.' }) code!: string;
  @ApiProperty({ description: 'What was wrong and what to do.' }) message!: string;
}

/** A practice run with what is known of its checks. */
export class PracticeRunDetailDto extends PracticeRunDto {
  @ApiProperty({ type: PracticeReasonDto, nullable: true, description: 'Why the checks did not run to their end.' })
  reason!: PracticeReasonDto | null;
  @ApiProperty({ description: 'Checks that have ended.' }) done!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'Checks that there are; null while nobody knows.' })
  total!: number | null;
  @ApiProperty({ type: [PracticeCheckDto], description: 'The checks that have ended, the last ones where there are very many.' })
  checks!: PracticeCheckDto[];
  @ApiProperty({ type: String, nullable: true, description: 'The end of what the run printed. Null until it has ended.' })
  output!: string | null;
  @ApiProperty({ description: 'Whether result and output are still there: they are kept for the newest runs and for some days.' })
  resultKept!: boolean;
  @ApiProperty({ type: PracticeAllowanceDto }) allowance!: PracticeAllowanceDto;
  @ApiProperty({ description: 'What practice is, and is not.' }) notice!: string;
}

/** What staff may know of practice. */
export class PracticeSummaryDto {
  @ApiProperty({ description: 'Practice runs that were started. Their results are shown to the candidate alone.' }) runs!: number;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) lastAt!: string | null;
}
