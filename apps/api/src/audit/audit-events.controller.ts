import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { AuditEventDto, AuditVerificationDto, toAuditEventDto } from './audit-events.dto';
import { AuditTrailService } from './audit-trail.service';

@ApiTags('audit-events')
@Controller('audit-events')
export class AuditEventsController {
  constructor(private readonly trail: AuditTrailService) {}

  @Get()
  @RequirePermission(Permission.ReadAudit)
  @ApiOperation({ summary: 'Who did what, newest first' })
  @ApiPage(AuditEventDto)
  async list(@CurrentPrincipal() principal: Principal, @Query() query: PageQuery): Promise<Page<AuditEventDto>> {
    const { items, nextCursor } = await this.trail.list(principal.organisationId, query);
    return { items: items.map(toAuditEventDto), nextCursor };
  }

  @Get('verification')
  @RequirePermission(Permission.ReadAudit)
  @ApiOperation({ summary: 'Whether the trail is as it was written: every hash is computed anew' })
  @ApiOkResponse({ type: AuditVerificationDto })
  async verify(@CurrentPrincipal() principal: Principal): Promise<AuditVerificationDto> {
    const { intact, events, firstBroken, headHash } = await this.trail.verify(principal.organisationId);
    return { intact, events, firstBroken, headHash };
  }
}
