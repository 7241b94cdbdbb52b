import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import type { Principal } from '../auth/principal';
import { hashSecretToken, newSecretToken } from '../auth/secret-token';
import { CONFIG, type Config } from '../config';
import { TenantDatabase } from '../database/tenant-database';
import { Problem } from '../http/problem';
import { Invitation } from './invitation.entity';

const DAY_MS = 86_400_000;

/** Magic links: made for one evaluation, shown once, stored as a hash, expiring, revoked by the next one. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly database: TenantDatabase,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Makes a new link's token and revokes the older ones. */
  async issue(manager: EntityManager, evaluationId: string, principal: Principal): Promise<{ token: string; expiresAt: Date }> {
    await manager.update(Invitation, { evaluationId, revokedAt: IsNull() }, { revokedAt: new Date() });
    const token = newSecretToken('invite');
    const expiresAt = new Date(Date.now() + this.config.invitationDays * DAY_MS);
    await manager.insert(Invitation, {
      organisationId: principal.organisationId,
      evaluationId,
      tokenHash: hashSecretToken(token),
      createdBy: principal.id,
      expiresAt,
    });
    return { token, expiresAt };
  }

  /**
   * The invitation that a token opens.
   *
   * @throws Problem `invalid-token` for an unknown or revoked token, `token-expired` for an old one
   */
  async open(token: string): Promise<Invitation> {
    const tokenHash = hashSecretToken(token);
    const invitation = await this.database.byCredential(tokenHash, (manager) => manager.findOneBy(Invitation, { tokenHash }));
    if (!invitation)
      throw new Problem(
        'invalid-token',
        'This link is not valid. Open the newest mail you got, or ask the recruiter for a new link.',
      );
    if (invitation.revokedAt) {
      throw new Problem(
        'invalid-token',
        'This link was replaced by a newer one. Open the newest mail you got, or ask the recruiter for a new link.',
      );
    }
    if (invitation.expiresAt <= new Date())
      throw new Problem('token-expired', 'This link has expired. Ask the recruiter for a new one.');
    await this.database.inOrganisation(invitation.organisationId, (manager) =>
      manager.update(Invitation, { id: invitation.id, firstUsedAt: IsNull() }, { firstUsedAt: new Date() }),
    );
    return invitation;
  }
}
