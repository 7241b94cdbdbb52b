import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { ProblemDto } from '../http/problem.dto';
import { RubricDto, RubricSummaryDto, toRubricDto, toRubricSummaryDto } from './rubrics.dto';
import { RubricsService } from './rubrics.service';

@ApiTags('rubrics')
@Controller('rubrics')
export class RubricsController {
  constructor(private readonly rubrics: RubricsService) {}

  @Get()
  @RequirePermission(Permission.ReadRubrics)
  @ApiOperation({ summary: 'Published rubrics, newest first' })
  @ApiPage(RubricSummaryDto)
  async list(@Query() query: PageQuery): Promise<Page<RubricSummaryDto>> {
    const { items, nextCursor } = await this.rubrics.list(query);
    return { items: items.map(toRubricSummaryDto), nextCursor };
  }

  @Get(':id')
  @RequirePermission(Permission.ReadRubrics)
  @ApiOperation({ summary: 'A rubric: its areas, criteria, levels and weights' })
  @ApiOkResponse({ type: RubricDto })
  @ApiNotFoundResponse({ type: ProblemDto })
  async get(@Param('id', ParseUUIDPipe) id: string): Promise<RubricDto> {
    return toRubricDto(await this.rubrics.selectStored(id), await this.rubrics.selectRubric(id));
  }
}
