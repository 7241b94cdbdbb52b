import { AuditService } from '../audit/audit.service';
import { PasswordService } from '../auth/password.service';
import type { StaffRole } from '../auth/permission';
import type { TenantDatabase } from '../database/tenant-database';
import { foundOrganisation, selectOptionalMemberByAddress } from '../organisations/found-organisation';

const MEMBERS = [
  { name: 'Olive Owner', role: 'owner', email: 'owner@demo.example' },
  { name: 'Rita Recruiter', role: 'recruiter', email: 'recruiter@demo.example' },
  { name: 'Lea Lead', role: 'engineering_lead', email: 'lead@demo.example' },
] as const satisfies readonly { name: string; role: StaffRole; email: string }[];

export interface DemoOrganisation {
  readonly organisationId: string;
  readonly name: string;
  readonly logins: readonly { readonly role: StaffRole; readonly email: string }[];
}

/** Makes the organisation "Demo" with one login a role, or finds it and sees to it that the password is the given one. */
export async function ensureDemoOrganisation(database: TenantDatabase, password: string): Promise<DemoOrganisation> {
  const owner = await selectOptionalMemberByAddress(database, MEMBERS[0].email);
  const organisationId =
    owner?.organisationId ??
    (await foundOrganisation(
      database,
      'Demo',
      MEMBERS.map((member) => ({ ...member, password })),
    ));
  if (owner) {
    for (const { email } of MEMBERS) await ensurePassword(database, organisationId, email, password);
  }
  return { organisationId, name: 'Demo', logins: MEMBERS.map(({ role, email }) => ({ role, email })) };
}

async function ensurePassword(database: TenantDatabase, organisationId: string, email: string, password: string): Promise<void> {
  const passwords = new PasswordService();
  const member = await selectOptionalMemberByAddress(database, email);
  if (!member || (await passwords.matches(password, member.passwordHash))) return;
  const hash = await passwords.hash(password);
  await database.inOrganisation(organisationId, async (manager) => {
    await manager.query('UPDATE members SET password_hash = $2 WHERE id = $1', [member.id, hash]);
    await new AuditService().record(manager, organisationId, 'system', {
      action: 'member.password-set',
      subjectKind: 'member',
      subjectId: member.id,
    });
  });
}
