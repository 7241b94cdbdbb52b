import type { Finding } from '@assay/contracts/grading-report';
import type { CheckContext, CheckDatabase, SubmittedFiles } from './check-api';
import { type CheckHttpOptions, createCheckHttp } from './check-http';
import { databaseTools, type StorageAccess } from './check-kinds/database-tools';
import { lockWaits } from './check-kinds/lock-waits';
import { type ProjectAccess, projectTools } from './check-kinds/project-tools';
import { deploymentTool, type SourceTools, sourceTool } from './check-kinds/source-tools';
import { CheckRecord } from './check-record';
import type { CompanionDesk } from './companions/companion-desk';
import { companionTools } from './companions/companion-tools';
import type { Conversations } from './conversations';
import { createExpectations, ExpectationFailed } from './expectations';

/** What all checks of one run work with. */
export interface CheckSurroundings {
  readonly http: CheckHttpOptions;
  readonly database: CheckDatabase;
  readonly files: SubmittedFiles;
  /** Static findings on the submission. */
  readonly findings: readonly Finding[];
  readonly conversations: Conversations;
  readonly project: ProjectAccess;
  /** What looks at the submission's files, null when no check uses it. */
  readonly source: SourceTools | null;
  readonly companions: CompanionDesk;
  /** What checks of databases and caches need. */
  readonly storage?: StorageAccess | null;
}

interface SharedValue {
  readonly record: CheckRecord;
  readonly value: Promise<unknown>;
}

/** What checks are called with, and the values that they share in one run. */
export class CheckContexts {
  private readonly shared = new Map<string, SharedValue>();

  constructor(private readonly surroundings: CheckSurroundings) {}

  /** A context whose evidence goes to `record`. */
  create(record: CheckRecord): CheckContext {
    const { database, files, findings, conversations, source } = this.surroundings;
    const refuseNow = (): void => {
      if (record.isClosed) throw new ExpectationFailed('the check is over');
      if (record.making > 0) throw new TypeError('while a shared value is made, only the context of its making may be used');
    };
    const http = createCheckHttp({ ...this.surroundings.http, conversations }, record, refuseNow, () => lockWaits(database));
    const measure = (name: string, value: number): number => {
      if (!Number.isFinite(value)) throw new ExpectationFailed(`"${name}" is ${value}, which is no figure`);
      record.measurements[name] = value;
      return value;
    };
    const { companions } = this.surroundings;
    const parts = { http, conversations, record, measure, guard: refuseNow, companions };
    return {
      http,
      database: {
        query: async (sql, parameters) => {
          refuseNow();
          return conversations.during(() => database.query(sql, parameters));
        },
        load: async (dataFile) => {
          refuseNow();
          return conversations.during(() => database.load(dataFile));
        },
      },
      files,
      findings,
      get source() {
        return sourceTool(source, record, refuseNow);
      },
      get deployment() {
        return deploymentTool(source, record, refuseNow);
      },
      ...projectTools(this.surroundings.project, record, refuseNow),
      ...databaseTools(this.surroundings.storage ?? null, parts),
      ...companionTools({ ...this.surroundings, redisSocket: this.surroundings.storage?.redisSocket ?? null }, record, refuseNow),
      expect: createExpectations((file, line) => record.addLocation(file, line)),
      measure,
      shared: async <T>(key: string, produce: (context: CheckContext) => Promise<T>) => {
        const found = this.shared.get(key) ?? this.make(key, produce);
        record.making += 1;
        try {
          // One key has one meaning throughout a pack.
          return (await found.value) as T;
        } finally {
          record.making -= 1;
          record.include(found.record);
        }
      },
    };
  }

  private make(key: string, produce: (context: CheckContext) => Promise<unknown>): SharedValue {
    const record = new CheckRecord();
    const context = this.create(record);
    const made = { record, value: Promise.resolve().then(() => produce(context)) };
    this.shared.set(key, made);
    return made;
  }
}
