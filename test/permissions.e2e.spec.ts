import { randomUUID } from 'node:crypto';
import { appModule } from '@assay/api/app.module';
import { AccessTokenService } from '@assay/api/auth/access-token.service';
import { Permission, ROLE_PERMISSIONS, STAFF_ROLES } from '@assay/api/auth/permission';
import { PUBLIC_ENDPOINT, REQUIRED_PERMISSION } from '@assay/api/auth/permission.decorator';
import { describeApi } from '@assay/api/http/openapi';
import { Controller, Get, type Type } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants';
import { ModulesContainer } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface Handler {
  readonly name: string;
  readonly method: (...args: unknown[]) => unknown;
}

/** Every method of a controller that answers a route. */
function handlers(): Handler[] {
  const modules = [...api.app.get(ModulesContainer).values()];
  const controllers = modules.flatMap((module) => [...module.controllers.values()].map(({ metatype }) => metatype as Type));
  return controllers.flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype)
      .map((name) => ({ name: `${controller.name}.${name}`, method: controller.prototype[name] }))
      .filter(({ method }) => typeof method === 'function' && Reflect.hasMetadata(METHOD_METADATA, method)),
  );
}

/** The described operations, with ids that name nothing for the parameters of their paths. */
function operations(): { name: string; send: (client: TestClient) => ReturnType<TestClient['get']>; secured: boolean }[] {
  return Object.entries(describeApi(api.app).paths).flatMap(([template, path]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method) => {
      const operation = path[method];
      if (!operation || !template.startsWith('/api/v1/')) return [];
      const url = template.slice('/api/v1'.length).replaceAll(/\{[^}]+\}/g, randomUUID());
      return [
        {
          name: `${method} ${template}`,
          send: (client: TestClient) => client[method](url),
          secured: operation.security !== undefined,
        },
      ];
    }),
  );
}

describe('every endpoint', () => {
  it('declares the one permission it needs, or that and why it answers anybody', () => {
    const all = handlers();
    expect(all.length).toBeGreaterThan(30);
    const wrong = all.filter(({ method }) => {
      const permission: unknown = Reflect.getMetadata(REQUIRED_PERMISSION, method);
      const why: unknown = Reflect.getMetadata(PUBLIC_ENDPOINT, method);
      const declared = Object.values(Permission).includes(permission as Permission);
      return declared === (typeof why === 'string' && why.length > 10);
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('that needs a permission answers nobody without a token, and no candidate what is for the staff', async () => {
    const organisation = await api.organisation();
    const { accessToken } = await api.app.get(AccessTokenService, { strict: false }).issueForCandidate({
      id: randomUUID(),
      organisationId: organisation.id,
      evaluationId: randomUUID(),
    });
    const secured = operations().filter((operation) => operation.secured);
    expect(secured.length).toBeGreaterThan(25);
    for (const { name, send } of secured) {
      const { status, body } = await send(api.client());
      expect({ name, status, code: body.code }).toEqual({ name, status: 401, code: 'unauthenticated' });
      if (name.includes('/candidate/')) continue;
      const asCandidate = await send(api.client(accessToken));
      expect({ name, status: asCandidate.status }).toEqual({ name, status: 403 });
    }
  });

  it('that is for candidates answers none of the staff', async () => {
    for (const role of STAFF_ROLES) {
      const member = await api.signIn(role);
      for (const { name, send, secured } of operations()) {
        if (!secured || !name.includes('/candidate/')) continue;
        expect({ name, status: (await send(member)).status }).toEqual({ name, status: 403 });
      }
    }
  });

  it('that anybody may call is one of these', () => {
    const open = operations().filter(({ secured }) => !secured);
    expect(open.map(({ name }) => name).sort()).toEqual([
      'post /api/v1/auth/login',
      'post /api/v1/auth/logout',
      'post /api/v1/auth/refresh',
      'post /api/v1/candidate/session',
    ]);
  });
});

it('answers nobody at an endpoint that declares nothing, not even an owner', async () => {
  @Controller('undeclared')
  class UndeclaredController {
    @Get()
    get(): string {
      return 'secret';
    }
  }
  const testing = await Test.createTestingModule({
    imports: [appModule(api.config)],
    controllers: [UndeclaredController],
  }).compile();
  const app = testing.createNestApplication({ logger: false });
  await app.init();
  try {
    const { token } = await api.signIn('owner');
    const answer = await request(app.getHttpServer()).get('/undeclared').set('Authorization', `Bearer ${token}`).expect(403);
    expect(answer.body.code).toBe('forbidden');
  } finally {
    await app.close();
  }
});

it('gives no role of the staff what only a candidate may, and no role but the owner the management of people and keys', () => {
  for (const role of STAFF_ROLES) {
    const permissions = ROLE_PERMISSIONS[role];
    expect(permissions.has(Permission.TakeEvaluation)).toBe(false);
    for (const managing of [
      Permission.ManageMembers,
      Permission.ManageApiKeys,
      Permission.ManageOrganisation,
      Permission.ReadAudit,
    ]) {
      expect({ role, managing, has: permissions.has(managing) }).toEqual({ role, managing, has: role === 'owner' });
    }
  }
});
