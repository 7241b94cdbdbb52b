import { randomUUID } from 'node:crypto';
import type { ProblemCode } from '@assay/contracts/problem-codes';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { AuditService } from '../../audit/audit.service';
import { CONFIG, type Config } from '../../config';
import { TenantDatabase } from '../../database/tenant-database';
import { Problem } from '../../http/problem';
import { MembersService } from '../../members/members.service';
import { type AccessToken, AccessTokenService } from '../access-token.service';
import type { StaffRole } from '../permission';
import { type MemberPrincipal, memberPrincipal } from '../principal';
import { hashSecretToken, newSecretToken } from '../secret-token';
import { RefreshTokenEntity } from './refresh-token.entity';

const DAY_MS = 86_400_000;

export interface Session extends AccessToken {
  readonly refreshToken: string;
}

type Refusal = 'revoked' | 'reused' | 'expired' | 'disabled';

const REFUSALS: Readonly<Record<Refusal, readonly [ProblemCode, string]>> = {
  revoked: ['invalid-token', 'This session has ended. Sign in again.'],
  reused: ['token-reused', 'This refresh token was used before, so the whole session has been ended. Sign in again.'],
  expired: ['token-expired', 'This refresh token has expired. Sign in again.'],
  disabled: ['invalid-token', 'This member can no longer sign in. Ask an owner of the organisation.'],
};

/** Sessions of members: begun by a password, prolonged by refresh tokens that are good for one use each. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly members: MembersService,
    private readonly accessTokens: AccessTokenService,
    private readonly audit: AuditService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Begins a session of a member whose password has been verified. */
  begin(member: MemberPrincipal): Promise<Session> {
    return this.database.inOrganisation(member.organisationId, async (manager) => {
      // Kept for a while after their end, so that an old token is answered "expired" and not "unknown".
      await manager.query(`DELETE FROM refresh_tokens WHERE member_id = $1 AND expires_at < now() - interval '30 days'`, [
        member.id,
      ]);
      await this.audit.record(manager, member.organisationId, member, {
        action: 'session.begun',
        subjectKind: 'member',
        subjectId: member.id,
      });
      return this.issue(manager, member, randomUUID());
    });
  }

  /**
   * Exchanges a refresh token for a new session. Of two exchanges of one token at the same time exactly one succeeds.
   *
   * @throws Problem `invalid-token`, `token-expired`, or `token-reused`, which also ends the session for everybody who holds a token of it
   */
  async refresh(refreshToken: string): Promise<Session> {
    const found = await this.find(refreshToken);
    if (!found) throw new Problem('invalid-token', 'This is no refresh token of ours. Sign in again.');
    const outcome = await this.database.inOrganisation(found.organisationId, (manager) => this.exchange(manager, found.id));
    // Thrown out here: thrown inside, the end of the session would be rolled back.
    if (typeof outcome === 'string') throw new Problem(...REFUSALS[outcome]);
    return outcome;
  }

  /** Ends the session that the token belongs to. A token that is not known has no session to end. */
  async end(refreshToken: string): Promise<void> {
    const found = await this.find(refreshToken);
    if (!found) return;
    const { organisationId, memberId, familyId } = found;
    await this.database.inOrganisation(organisationId, async (manager) => {
      const ended = await manager.update(RefreshTokenEntity, { familyId, revokedAt: IsNull() }, { revokedAt: new Date() });
      if (!ended.affected) return;
      const member = memberPrincipal(await this.members.selectMember(organisationId, memberId));
      await this.audit.record(manager, organisationId, member, {
        action: 'session.ended',
        subjectKind: 'member',
        subjectId: memberId,
      });
    });
  }

  private find(refreshToken: string): Promise<RefreshTokenEntity | null> {
    const tokenHash = hashSecretToken(refreshToken);
    return this.database.byCredential(tokenHash, (manager) => manager.findOneBy(RefreshTokenEntity, { tokenHash }));
  }

  private async exchange(manager: EntityManager, id: string): Promise<Session | Refusal> {
    const token = await manager.findOneOrFail(RefreshTokenEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    const { organisationId, memberId, familyId } = token;
    if (token.usedAt) {
      await this.endReusedFamily(manager, token);
      return 'reused';
    }
    if (token.revokedAt) return 'revoked';
    if (token.expiresAt <= new Date()) return 'expired';
    const member = await this.members.selectMember(organisationId, memberId);
    if (member.disabledAt) return 'disabled';
    await manager.update(RefreshTokenEntity, { id }, { usedAt: new Date() });
    return this.issue(manager, member, familyId);
  }

  private async endReusedFamily(manager: EntityManager, token: RefreshTokenEntity): Promise<void> {
    const { organisationId, memberId, familyId } = token;
    const ended = await manager.update(RefreshTokenEntity, { familyId, revokedAt: IsNull() }, { revokedAt: new Date() });
    if (!ended.affected) return;
    await this.audit.record(manager, organisationId, 'system', {
      action: 'session.token-reused',
      subjectKind: 'member',
      subjectId: memberId,
    });
  }

  private async issue(
    manager: EntityManager,
    member: { id: string; organisationId: string; role: StaffRole },
    familyId: string,
  ): Promise<Session> {
    const refreshToken = newSecretToken('refresh');
    await manager.insert(RefreshTokenEntity, {
      organisationId: member.organisationId,
      memberId: member.id,
      familyId,
      tokenHash: hashSecretToken(refreshToken),
      expiresAt: new Date(Date.now() + this.config.refreshTokenDays * DAY_MS),
    });
    const { accessToken, expiresIn } = await this.accessTokens.issueForMember(member);
    return { accessToken, refreshToken, expiresIn };
  }
}
