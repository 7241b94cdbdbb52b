import { Body, Controller, Get, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent } from '../http/idempotency';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { ChangeMemberDto, CreateMemberDto, MemberDto, toMemberDto } from './members.dto';
import { MembersService } from './members.service';

@ApiTags('members')
@Controller('members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Post()
  @RequirePermission(Permission.ManageMembers)
  @Idempotent()
  @ApiOperation({ summary: 'Add a member' })
  @ApiCreatedResponse({ type: MemberDto })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateMemberDto): Promise<MemberDto> {
    return toMemberDto(await this.members.create(principal, body));
  }

  @Get()
  @RequirePermission(Permission.ManageMembers)
  @ApiOperation({ summary: 'Members, newest first' })
  @ApiPage(MemberDto)
  async list(@CurrentPrincipal() principal: Principal, @Query() query: PageQuery): Promise<Page<MemberDto>> {
    const { items, nextCursor } = await this.members.list(principal, query);
    return { items: items.map(toMemberDto), nextCursor };
  }

  @Patch(':id')
  @RequirePermission(Permission.ManageMembers)
  @ApiOperation({ summary: "Change a member's role, disable or enable the member; never the last owner" })
  @ApiOkResponse({ type: MemberDto })
  async change(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: ChangeMemberDto,
  ): Promise<MemberDto> {
    return toMemberDto(await this.members.change(principal, id, body));
  }
}
