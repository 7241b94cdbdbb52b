import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { ProblemDto } from '../http/problem.dto';
import { TaskDto, TaskSummaryDto, toTaskDto, toTaskSummaryDto } from './tasks.dto';
import { TasksService } from './tasks.service';

@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  @Get()
  @RequirePermission(Permission.ReadTasks)
  @ApiOperation({ summary: 'Tasks that evaluations can be created with' })
  @ApiPage(TaskSummaryDto)
  async list(@Query() query: PageQuery): Promise<Page<TaskSummaryDto>> {
    const { items, nextCursor } = await this.tasks.listCurrent(query);
    return { items: items.map(toTaskSummaryDto), nextCursor };
  }

  @Get(':slug')
  @RequirePermission(Permission.ReadTasks)
  @ApiOperation({ summary: 'A task and its statement, without anything hidden' })
  @ApiOkResponse({ type: TaskDto })
  @ApiNotFoundResponse({ type: ProblemDto })
  async get(@Param('slug') slug: string): Promise<TaskDto> {
    return toTaskDto(await this.tasks.selectCurrentVersion(slug));
  }
}
