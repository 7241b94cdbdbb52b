import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { CONFIG, type Config } from '../config';
import { CANDIDATE_PERMISSIONS, STAFF_ROLES, type StaffRole } from './permission';
import { type CandidatePrincipal, memberPrincipal, type Principal } from './principal';

interface StaffClaims {
  readonly sub: string;
  readonly org: string;
  readonly aud: 'staff';
  readonly role: StaffRole;
}

interface CandidateClaims {
  readonly sub: string;
  readonly org: string;
  readonly aud: 'candidate';
  readonly evaluation: string;
}

export type AccessClaims = StaffClaims | CandidateClaims;

export interface AccessToken {
  readonly accessToken: string;
  /** Seconds from now. */
  readonly expiresIn: number;
}

/** Issues short-lived access tokens and reads what they say. Verification is passport's (`strategies/access-token.strategy.ts`). */
@Injectable()
export class AccessTokenService {
  constructor(
    private readonly jwt: JwtService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  issueForMember(member: { id: string; organisationId: string; role: StaffRole }): Promise<AccessToken> {
    return this.sign(
      { sub: member.id, org: member.organisationId, aud: 'staff', role: member.role },
      this.config.accessTokenSeconds,
    );
  }

  issueForCandidate(candidate: { id: string; organisationId: string; evaluationId: string }): Promise<AccessToken> {
    const claims: CandidateClaims = {
      sub: candidate.id,
      org: candidate.organisationId,
      aud: 'candidate',
      evaluation: candidate.evaluationId,
    };
    return this.sign(claims, this.config.candidateTokenSeconds);
  }

  private async sign(claims: AccessClaims, expiresIn: number): Promise<AccessToken> {
    return { accessToken: await this.jwt.signAsync({ ...claims }, { expiresIn }), expiresIn };
  }
}

/** The principal that verified claims speak of, or null when they are none of ours. */
export function principalOf(claims: AccessClaims): Principal | null {
  const common = { id: claims.sub, organisationId: claims.org };
  if (claims.aud === 'staff' && STAFF_ROLES.includes(claims.role)) {
    return memberPrincipal({ ...common, role: claims.role });
  }
  if (claims.aud === 'candidate' && typeof claims.evaluation === 'string') {
    return {
      ...common,
      kind: 'candidate',
      evaluationId: claims.evaluation,
      permissions: CANDIDATE_PERMISSIONS,
    } satisfies CandidatePrincipal;
  }
  return null;
}
