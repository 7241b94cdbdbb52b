import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiKeysService } from '../../api-keys/api-keys.service';
import { MembersService } from '../../members/members.service';
import { OrganisationsService } from '../../organisations/organisations.service';
import { Permission } from '../permission';
import { RequirePermission } from '../permission.decorator';
import { CurrentPrincipal, type Principal } from '../principal';
import { MeDto } from './sessions.dto';

@ApiTags('auth')
@Controller('me')
export class MeController {
  constructor(
    private readonly members: MembersService,
    private readonly apiKeys: ApiKeysService,
    private readonly organisations: OrganisationsService,
  ) {}

  @Get()
  @RequirePermission(Permission.ReadOrganisation)
  @ApiOperation({ summary: 'Who you are and what you may do' })
  @ApiOkResponse({ type: MeDto })
  async me(@CurrentPrincipal() principal: Principal): Promise<MeDto> {
    const { id, organisationId } = principal;
    const organisation = await this.organisations.selectOrganisation(organisationId);
    const common = {
      id,
      permissions: [...principal.permissions],
      organisation: { id: organisation.id, name: organisation.name },
    };
    if (principal.kind === 'member') {
      const { name, email, role } = await this.members.selectMember(organisationId, id);
      return { kind: 'member', name, email, role, ...common };
    }
    const { name } = await this.apiKeys.selectApiKey(organisationId, id);
    return { kind: 'api_key', name, email: null, role: null, ...common };
  }
}
