import { CRITERION_IDS } from '@assay/contracts/rubric-ids';
import { ApiProperty } from '@nestjs/swagger';
import type { TaskVersion } from './tasks.service';

export class TaskSummaryDto {
  @ApiProperty({ example: 'bookshop' }) slug!: string;
  @ApiProperty({ example: '1.0.0' }) version!: string;
  @ApiProperty({ description: 'SHA-256 over every file of the task pack.' }) contentHash!: string;
  @ApiProperty() title!: string;
  @ApiProperty() summary!: string;
  @ApiProperty({ description: 'Minutes from the start to the submission.' }) timeBoxMinutes!: number;
  @ApiProperty({ enum: CRITERION_IDS, isArray: true, description: 'Criteria of the rubric that the task measures.' })
  measuredCriteria!: string[];
}

export class TaskDto extends TaskSummaryDto {
  @ApiProperty({ description: 'What the candidate reads, Markdown.' }) prompt!: string;
}

export function toTaskSummaryDto(task: TaskVersion): TaskSummaryDto {
  return {
    slug: task.slug,
    version: task.version,
    contentHash: task.contentHash,
    title: task.title,
    summary: task.summary,
    timeBoxMinutes: task.timeBoxMinutes,
    measuredCriteria: [...task.measuredCriteria],
  };
}

export function toTaskDto(task: TaskVersion): TaskDto {
  return { ...toTaskSummaryDto(task), prompt: task.prompt };
}
