import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service';
import { API_KEY_SCOPES, type Permission } from '../auth/permission';
import type { ApiKeyPrincipal, Principal } from '../auth/principal';
import { hashSecretToken, newSecretToken } from '../auth/secret-token';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound, Problem } from '../http/problem';
import { ApiKeyEntity } from './api-key.entity';

/** What every key begins with, so that people and scanners of leaked secrets recognise one. */
export const API_KEY_MARK = 'assay';
const PREFIX_LENGTH = API_KEY_MARK.length + 7;

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly Permission[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly Permission[];
  readonly expiresAt: Date | null;
}

/** Keys that programs sign in with: scoped, revocable, kept as hashes. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly audit: AuditService,
  ) {}

  /**
   * @returns the key's record and the key itself, which cannot be had again
   * @throws Problem `invalid-input` when it would have expired already
   */
  async create(principal: Principal, input: NewApiKey): Promise<{ apiKey: ApiKey; key: string }> {
    if (principal.kind !== 'member') throw new Problem('forbidden', 'Only a member can make an API key.');
    if (input.expiresAt && input.expiresAt <= new Date()) {
      throw new Problem('invalid-input', 'expiresAt: must lie in the future.', [
        { path: 'expiresAt', message: 'must lie in the future' },
      ]);
    }
    const { organisationId } = principal;
    const key = newSecretToken(API_KEY_MARK);
    const apiKey = await this.database.inOrganisation(organisationId, async (manager) => {
      const inserted = await manager.insert(ApiKeyEntity, {
        organisationId,
        name: input.name,
        prefix: key.slice(0, PREFIX_LENGTH),
        keyHash: hashSecretToken(key),
        scopes: [...input.scopes],
        createdBy: principal.id,
        expiresAt: input.expiresAt,
      });
      const [{ id }] = inserted.identifiers as [{ id: string }];
      await this.audit.record(manager, organisationId, principal, {
        action: 'api-key.created',
        subjectKind: 'api_key',
        subjectId: id,
        detail: { name: input.name, scopes: input.scopes },
      });
      return this.selectApiKey(organisationId, id);
    });
    return { apiKey, key };
  }

  /** Newest first, the revoked ones too. */
  list(principal: Principal, page: PageQuery): Promise<Page<ApiKey>> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, (manager) =>
      readPage(
        manager.createQueryBuilder(ApiKeyEntity, 'key').where('key.organisationId = :organisationId', { organisationId }),
        page,
      ),
    );
  }

  /** @throws Problem `not-found`, also for another organisation's key */
  async selectApiKey(organisationId: string, id: string): Promise<ApiKey> {
    const key = await this.database.inOrganisation(organisationId, (manager) =>
      manager.findOneBy(ApiKeyEntity, { organisationId, id }),
    );
    if (!key) throw notFound('API key');
    return key;
  }

  /** Ends a key at once. Revoking it again changes nothing. */
  revoke(principal: Principal, id: string): Promise<void> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const key = await this.selectApiKey(organisationId, id);
      if (key.revokedAt) return;
      await manager.update(ApiKeyEntity, { organisationId, id }, { revokedAt: new Date() });
      await this.audit.record(manager, organisationId, principal, {
        action: 'api-key.revoked',
        subjectKind: 'api_key',
        subjectId: id,
        detail: { name: key.name },
      });
    });
  }

  /** Who a presented key speaks for, or null when it is unknown, revoked or expired. Notes its use, to the minute. */
  async selectOptionalPrincipal(presentedKey: string): Promise<ApiKeyPrincipal | null> {
    const keyHash = hashSecretToken(presentedKey);
    const key = await this.database.byCredential(keyHash, (manager) => manager.findOneBy(ApiKeyEntity, { keyHash }));
    if (!key || key.revokedAt || (key.expiresAt && key.expiresAt <= new Date())) return null;
    const { id, organisationId, scopes } = key;
    if (!key.lastUsedAt || Date.now() - key.lastUsedAt.getTime() > 60_000) {
      await this.database.inOrganisation(organisationId, (manager) =>
        manager.query(
          `UPDATE api_keys SET last_used_at = now() WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
          [id],
        ),
      );
    }
    const permissions = new Set(scopes.filter((scope) => API_KEY_SCOPES.includes(scope)));
    return { kind: 'api_key', id, organisationId, permissions };
  }
}
