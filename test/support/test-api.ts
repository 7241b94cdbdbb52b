import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createApp } from '@assay/api/app';
import { AccessTokenService } from '@assay/api/auth/access-token.service';
import { PasswordService } from '@assay/api/auth/password.service';
import type { StaffRole } from '@assay/api/auth/permission';
import type { Config } from '@assay/api/config';
import { TenantDatabase } from '@assay/api/database/tenant-database';
import { describeApi } from '@assay/api/http/openapi';
import { openTestDatabase, type TestDatabase } from '@assay/testing/test-database';
import {
  openTestQueueStore,
  TEST_QUEUE_ENGINES,
  type TestQueueEngine,
  type TestQueueStore,
} from '@assay/testing/test-queue-store';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { OpenApiConformance } from './openapi-conformance';
import { TestClient } from './test-client';

/** Password of every member that the factories make. */
export const TEST_PASSWORD = 'correct horse battery staple';

export interface TestMember {
  readonly id: string;
  readonly organisationId: string;
  readonly email: string;
  readonly role: StaffRole;
}

/** An organisation with one member of each role. */
export interface TestOrganisation {
  readonly id: string;
  readonly members: Readonly<Record<StaffRole, TestMember>>;
}

/** The API as a user meets it: a real database, real HTTP; nothing is replaced. */
export interface TestApi {
  /** The running application; another one after `restart`. */
  readonly app: NestExpressApplication;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly config: Config;
  readonly database: TestDatabase;
  readonly queueStore: TestQueueStore;
  /** Folder in which the mails arrive, one `.eml` file each. */
  readonly mailFolder: string;
  /** The organisation that `signIn` uses when none is named; made at the first call. */
  organisation(): Promise<TestOrganisation>;
  /** Makes another organisation. */
  createOrganisation(name?: string): Promise<TestOrganisation>;
  /** A client signed in as the member of this role. `lead` is short for `engineering_lead`. */
  signIn(role: StaffRole | 'lead', organisation?: TestOrganisation): Promise<TestClient>;
  /** A client that sends this bearer token, or none. */
  client(token?: string): TestClient;
  /** Stops the API and starts it again on the same port, database and queue. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the API on a free port, on a fresh migrated database.
 *
 * @param overrides fields of the configuration to set otherwise
 * @param engine of the queue; Redis where it is there when left out
 */
export async function startTestApi(overrides: Partial<Config> = {}, engine?: TestQueueEngine): Promise<TestApi> {
  const database = await openTestDatabase();
  const queueStore = await openTestQueueStore(engine ?? TEST_QUEUE_ENGINES[0] ?? 'postgres');
  const folder = await mkdtemp(join(tmpdir(), 'assay-test-api-'));
  const mailFolder = join(folder, 'mail');
  const config = { ...testConfig(database, queueStore.url, mailFolder), ...overrides };
  let app = await createApp(config);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const conformance = new OpenApiConformance(describeApi(app));
  const client = (token?: string) => new TestClient(url, conformance, token ?? null);
  let first: Promise<TestOrganisation> | null = null;
  const organisation = () => {
    first ??= createOrganisation(app, 'Test organisation');
    return first;
  };
  return {
    get app() {
      return app;
    },
    url,
    config,
    database,
    queueStore,
    mailFolder,
    organisation,
    client,
    createOrganisation: (name = 'Another organisation') => createOrganisation(app, name),
    async signIn(role, of) {
      const { members } = of ?? (await organisation());
      const member = members[role === 'lead' ? 'engineering_lead' : role];
      return client((await app.get(AccessTokenService, { strict: false }).issueForMember(member)).accessToken);
    },
    async restart() {
      await app.close();
      app = await createApp(config);
      await app.listen(port, '127.0.0.1');
    },
    async close() {
      await app.close();
      await queueStore.drop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function testConfig(database: TestDatabase, queueUrl: string, mailFolder: string): Config {
  return {
    port: 0,
    host: '127.0.0.1',
    databaseUrl: database.apiUrl,
    databaseConnections: 5,
    queueUrl,
    jwtSecret: 'test-secret-of-the-access-tokens-00000',
    runTokenSecret: 'test-secret-of-the-run-tokens-00000000',
    publicUrl: null,
    workerFacingUrl: null,
    taskPacks: resolve(__dirname, '..', '..', 'task-packs'),
    mailUrl: pathToFileURL(mailFolder).href,
    mailFrom: 'Assay <assay@example.test>',
    logLevel: process.env.ASSAY_TEST_LOG ?? 'silent',
    accessTokenSeconds: 900,
    candidateTokenSeconds: 3600,
    refreshTokenDays: 30,
    invitationDays: 14,
    signInsPerMinute: 100_000,
    uploadsPerMinute: 100_000,
    practiceRunsPerHour: 10,
    trustProxyHops: 0,
    reconcileSeconds: 1,
    regradesAtOnce: 1,
    simulationThreads: 1,
    simulationsWaiting: 16,
    simulationSeconds: 30,
  };
}

let passwordHash: Promise<string> | null = null;

async function createOrganisation(app: NestExpressApplication, name: string): Promise<TestOrganisation> {
  passwordHash ??= app.get(PasswordService, { strict: false }).hash(TEST_PASSWORD);
  const hash = await passwordHash;
  const id = randomUUID();
  return app.get(TenantDatabase, { strict: false }).inOrganisation(id, async (manager) => {
    await manager.query('INSERT INTO organisations (id, name) VALUES ($1, $2)', [id, name]);
    const member = async (role: StaffRole): Promise<TestMember> => {
      const email = `${role}-${id.slice(0, 8)}@example.test`;
      const [row] = (await manager.query(
        'INSERT INTO members (organisation_id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5) RETURNING id',
        [id, email, `The ${role}`, role, hash],
      )) as [{ id: string }];
      return { id: row.id, organisationId: id, email, role };
    };
    return {
      id,
      members: {
        owner: await member('owner'),
        recruiter: await member('recruiter'),
        engineering_lead: await member('engineering_lead'),
      },
    };
  });
}
