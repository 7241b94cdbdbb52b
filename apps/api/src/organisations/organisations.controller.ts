import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { ChangeOrganisationDto, OrganisationDto, toOrganisationDto } from './organisations.dto';
import { OrganisationsService } from './organisations.service';

@ApiTags('organisation')
@Controller('organisation')
export class OrganisationsController {
  constructor(private readonly organisations: OrganisationsService) {}

  @Get()
  @RequirePermission(Permission.ReadOrganisation)
  @ApiOperation({ summary: 'The organisation you belong to' })
  @ApiOkResponse({ type: OrganisationDto })
  async get(@CurrentPrincipal() principal: Principal): Promise<OrganisationDto> {
    return toOrganisationDto(await this.organisations.selectOrganisation(principal.organisationId));
  }

  @Patch()
  @RequirePermission(Permission.ManageOrganisation)
  @ApiOperation({ summary: 'Change its name or what candidates may read' })
  @ApiOkResponse({ type: OrganisationDto })
  async change(@CurrentPrincipal() principal: Principal, @Body() body: ChangeOrganisationDto): Promise<OrganisationDto> {
    return toOrganisationDto(await this.organisations.change(principal, body));
  }
}
