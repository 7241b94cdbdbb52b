import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent } from '../http/idempotency';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { ApiKeyDto, CreateApiKeyDto, CreatedApiKeyDto, toApiKeyDto } from './api-keys.dto';
import { ApiKeysService } from './api-keys.service';

@ApiTags('api-keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  @Post()
  @RequirePermission(Permission.ManageApiKeys)
  @Idempotent({ shownOnce: ['key'] })
  @ApiOperation({ summary: 'Make a key for a program; it is shown once' })
  @ApiCreatedResponse({ type: CreatedApiKeyDto })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    const { name, scopes, expiresAt } = body;
    const created = await this.apiKeys.create(principal, {
      name,
      scopes,
      expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
    });
    return { ...toApiKeyDto(created.apiKey), key: created.key };
  }

  @Get()
  @RequirePermission(Permission.ManageApiKeys)
  @ApiOperation({ summary: 'Keys, newest first, the revoked ones too' })
  @ApiPage(ApiKeyDto)
  async list(@CurrentPrincipal() principal: Principal, @Query() query: PageQuery): Promise<Page<ApiKeyDto>> {
    const { items, nextCursor } = await this.apiKeys.list(principal, query);
    return { items: items.map(toApiKeyDto), nextCursor };
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission(Permission.ManageApiKeys)
  @ApiOperation({ summary: 'Revoke a key at once' })
  @ApiNoContentResponse()
  revoke(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.apiKeys.revoke(principal, id);
  }
}
