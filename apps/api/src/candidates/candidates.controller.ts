import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent } from '../http/idempotency';
import { ApiPage, type Page } from '../http/pagination';
import { CandidateDto, CandidatesQuery, CreateCandidateDto, toCandidateDto } from './candidates.dto';
import { CandidatesService } from './candidates.service';

@ApiTags('candidates')
@Controller('candidates')
export class CandidatesController {
  constructor(private readonly candidates: CandidatesService) {}

  @Post()
  @RequirePermission(Permission.ManageCandidates)
  @Idempotent()
  @ApiOperation({ summary: 'Add a candidate' })
  @ApiCreatedResponse({ type: CandidateDto })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateCandidateDto): Promise<CandidateDto> {
    return toCandidateDto(await this.candidates.create(principal, body));
  }

  @Get()
  @RequirePermission(Permission.ReadCandidates)
  @ApiOperation({ summary: 'Candidates, newest first' })
  @ApiPage(CandidateDto)
  async list(@CurrentPrincipal() principal: Principal, @Query() query: CandidatesQuery): Promise<Page<CandidateDto>> {
    const { items, nextCursor } = await this.candidates.list(principal, query, query.email);
    return { items: items.map(toCandidateDto), nextCursor };
  }

  @Get(':id')
  @RequirePermission(Permission.ReadCandidates)
  @ApiOperation({ summary: 'A candidate' })
  @ApiOkResponse({ type: CandidateDto })
  async get(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<CandidateDto> {
    return toCandidateDto(await this.candidates.selectCandidate(principal, id));
  }
}
