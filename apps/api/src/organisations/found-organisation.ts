import type { EntityManager } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH, PasswordService } from '../auth/password.service';
import type { StaffRole } from '../auth/permission';
import type { TenantDatabase } from '../database/tenant-database';

export interface FirstMember {
  readonly name: string;
  readonly email: string;
  readonly role: StaffRole;
  readonly password: string;
}

/**
 * Makes an organisation with its first members, the owner first. For commands of the operator; the audit trail names the system.
 *
 * @returns the organisation's id
 * @throws Error when a field is not acceptable or an address is a member's already; then nothing is written
 */
export async function foundOrganisation(
  database: TenantDatabase,
  name: string,
  members: readonly FirstMember[],
): Promise<string> {
  if (members[0]?.role !== 'owner') throw new Error('The first member of an organisation must be an owner.');
  requireLength('The name of the organisation', name.trim(), 1, 200);
  for (const member of members) {
    if (await selectOptionalMemberByAddress(database, member.email)) {
      throw new Error(`The address ${member.email} is a member's already. Use another one.`);
    }
  }
  const organisationId = await newId(database);
  await database.inOrganisation(organisationId, async (manager) => {
    await manager.query('INSERT INTO organisations (id, name) VALUES ($1, $2)', [organisationId, name.trim()]);
    await new AuditService().record(manager, organisationId, 'system', {
      action: 'organisation.founded',
      subjectKind: 'organisation',
      subjectId: organisationId,
    });
    for (const member of members) await addMember(manager, organisationId, member);
  });
  return organisationId;
}

/** The member with this address, of whichever organisation, or null. */
export async function selectOptionalMemberByAddress(
  database: TenantDatabase,
  address: string,
): Promise<{ id: string; organisationId: string; passwordHash: string } | null> {
  const email = address.trim().toLowerCase();
  const [row] = (await database.byCredential(email, (manager) =>
    manager.query('SELECT id, organisation_id, password_hash FROM members WHERE email = $1', [email]),
  )) as { id: string; organisation_id: string; password_hash: string }[];
  return row ? { id: row.id, organisationId: row.organisation_id, passwordHash: row.password_hash } : null;
}

async function addMember(manager: EntityManager, organisationId: string, member: FirstMember): Promise<void> {
  const email = member.email.trim().toLowerCase();
  requireLength(`The name of ${email}`, member.name.trim(), 1, 200);
  requireLength(`The password of ${email}`, member.password, PASSWORD_MIN_LENGTH, PASSWORD_MAX_LENGTH);
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error(`"${email}" is no mail address.`);
  const [{ id }] = (await manager.query(
    'INSERT INTO members (organisation_id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5) RETURNING id',
    [organisationId, email, member.name.trim(), member.role, await new PasswordService().hash(member.password)],
  )) as [{ id: string }];
  await new AuditService().record(manager, organisationId, 'system', {
    action: 'member.created',
    subjectKind: 'member',
    subjectId: id,
    detail: { role: member.role },
  });
}

/** The policy of the table asks for the id before the row is there. */
async function newId(database: TenantDatabase): Promise<string> {
  const [{ id }] = (await database.withoutOrganisation((manager) => manager.query('SELECT uuidv7() AS id'))) as [{ id: string }];
  return id;
}

function requireLength(what: string, text: string, least: number, most: number): void {
  if (text.length < least || text.length > most) throw new Error(`${what} must have ${least} to ${most} characters.`);
}
