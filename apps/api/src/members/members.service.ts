import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import { PasswordService } from '../auth/password.service';
import type { StaffRole } from '../auth/permission';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound, Problem } from '../http/problem';
import { MemberEntity } from './member.entity';

export interface Member {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  readonly role: StaffRole;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

export interface NewMember {
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  readonly role: StaffRole;
  readonly password: string;
}

/** The people of an organisation who sign in. */
@Injectable()
export class MembersService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly passwords: PasswordService,
    private readonly audit: AuditService,
  ) {}

  /**
   * The member whom an address and a password name, or null: unknown, wrong and disabled look and last alike.
   *
   * @param email in lower case
   */
  async selectByPassword(email: string, password: string): Promise<Member | null> {
    const member = await this.database.byCredential(email, (manager) => manager.findOneBy(MemberEntity, { email }));
    const matches = await this.passwords.matches(password, member?.passwordHash ?? null);
    return member && matches && member.disabledAt === null ? member : null;
  }

  /** @throws Problem `not-found`, also for another organisation's member */
  async selectMember(organisationId: string, id: string): Promise<Member> {
    const member = await this.database.inOrganisation(organisationId, (manager) =>
      manager.findOneBy(MemberEntity, { organisationId, id }),
    );
    if (!member) throw notFound('member');
    return member;
  }

  /** Newest first. */
  list(principal: Principal, page: PageQuery): Promise<Page<Member>> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, (manager) =>
      readPage(
        manager.createQueryBuilder(MemberEntity, 'member').where('member.organisationId = :organisationId', { organisationId }),
        page,
      ),
    );
  }

  /** @throws Problem `already-exists` when the address is a member's, of this organisation or another */
  async create(principal: Principal, input: NewMember): Promise<Member> {
    const { organisationId } = principal;
    const { password, ...visible } = input;
    const passwordHash = await this.passwords.hash(password);
    return this.database.inOrganisation(organisationId, async (manager) => {
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(MemberEntity)
        .values({ organisationId, ...visible, passwordHash })
        .orIgnore()
        .returning('id')
        .execute();
      const [created] = inserted.raw as { id: string }[];
      if (!created) throw new Problem('already-exists', `The address ${input.email} is a member's already. Use another one.`);
      await this.audit.record(manager, organisationId, principal, {
        action: 'member.created',
        subjectKind: 'member',
        subjectId: created.id,
        detail: { role: input.role },
      });
      return this.selectMember(organisationId, created.id);
    });
  }

  /**
   * Changes a member's role, or disables or enables the member.
   *
   * @throws Problem `not-found`; `conflict` when no owner who can sign in would be left
   */
  change(principal: Principal, id: string, changes: { readonly role?: StaffRole; readonly disabled?: boolean }): Promise<Member> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      // Two owners who demote each other at the same time must not both find the other one still there.
      await manager.query('SELECT FROM organisations WHERE id = $1 FOR UPDATE', [organisationId]);
      const before = await this.selectMember(organisationId, id);
      const role = changes.role ?? before.role;
      const disabled = changes.disabled ?? before.disabledAt !== null;
      if (role === before.role && disabled === (before.disabledAt !== null)) return before;
      await manager.update(
        MemberEntity,
        { id, organisationId },
        { role, disabledAt: disabled ? (before.disabledAt ?? new Date()) : null },
      );
      await refuseToLoseTheLastOwner(manager, organisationId);
      await this.audit.record(manager, organisationId, principal, {
        action: 'member.changed',
        subjectKind: 'member',
        subjectId: id,
        detail: { role, disabled },
      });
      return this.selectMember(organisationId, id);
    });
  }
}

async function refuseToLoseTheLastOwner(manager: EntityManager, organisationId: string): Promise<void> {
  if (await manager.existsBy(MemberEntity, { organisationId, role: 'owner', disabledAt: IsNull() })) return;
  throw new Problem('conflict', 'This is the last owner who can sign in. Make another member an owner first.');
}
