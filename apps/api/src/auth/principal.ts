import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Problem } from '../http/problem';
import { type Permission, ROLE_PERMISSIONS, type StaffRole } from './permission';

interface AnyPrincipal {
  /** Id of the member, the API key or the candidate. */
  readonly id: string;
  readonly organisationId: string;
  readonly permissions: ReadonlySet<Permission>;
}

export interface MemberPrincipal extends AnyPrincipal {
  readonly kind: 'member';
  readonly role: StaffRole;
}

export interface ApiKeyPrincipal extends AnyPrincipal {
  readonly kind: 'api_key';
}

export interface CandidatePrincipal extends AnyPrincipal {
  readonly kind: 'candidate';
  /** The one evaluation that the magic link opened. */
  readonly evaluationId: string;
}

/** Who asks. */
export type Principal = MemberPrincipal | ApiKeyPrincipal | CandidatePrincipal;

/** Hands the principal of the request to a controller's method. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return context.switchToHttp().getRequest<{ user: Principal }>().user;
});

/** @throws Problem `forbidden` when it is not a candidate who asks */
export function candidateOf(principal: Principal): CandidatePrincipal {
  if (principal.kind !== 'candidate') throw new Problem('forbidden', 'This is for candidates, signed in with their link.');
  return principal;
}

/** The principal that a member is. */
export function memberPrincipal(member: { id: string; organisationId: string; role: StaffRole }): MemberPrincipal {
  const { id, organisationId, role } = member;
  return { kind: 'member', id, organisationId, role, permissions: ROLE_PERMISSIONS[role] };
}
