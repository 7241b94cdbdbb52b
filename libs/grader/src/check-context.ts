import type { EvidenceRecord, EvidenceRecordKind, Exchange, Finding } from '@assay/contracts/grading-report';
import type { CheckContext, CheckDatabase, SubmittedFiles } from './check-api';
import { type CheckHttpOptions, createCheckHttp } from './check-http';
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
}

/** Longest list of places of one check. */
const MAX_LOCATIONS = 20;
/** Exchanges kept as evidence of one check: the first ones. */
const MAX_EXCHANGES = 30;
/** Records kept as evidence of one check, and characters kept of each. */
const MAX_RECORDS = 30;
const MAX_RECORD_TEXT = 4_000;

/** The evidence that a check, or the making of a shared value, gathers. */
export class CheckRecord {
  readonly exchanges: Exchange[] = [];
  readonly records: EvidenceRecord[] = [];
  readonly measurements: Record<string, number> = {};
  readonly locations: { file: string; line: number | null }[] = [];
  private readonly included = new Set<CheckRecord>();
  /** Shared values that are being made for this check. */
  making = 0;
  /** The check is over, and nothing that it left behind may ask any more. */
  isClosed = false;

  addExchange(exchange: Exchange): void {
    if (this.exchanges.length < MAX_EXCHANGES) this.exchanges.push(exchange);
  }

  /** @param text of any length; nothing in it may differ between two gradings of one submission */
  addRecord(kind: EvidenceRecordKind, title: string, text: string): void {
    if (this.records.length >= MAX_RECORDS) return;
    this.records.push({ kind, title, text: text.slice(0, MAX_RECORD_TEXT), truncated: text.length > MAX_RECORD_TEXT });
  }

  addLocation(file: string, line: number | null): void {
    if (this.locations.length < MAX_LOCATIONS) this.locations.push({ file, line });
  }

  /** Takes over all of another record, once. */
  include(other: CheckRecord): void {
    if (this.included.has(other)) return;
    this.included.add(other);
    for (const exchange of other.exchanges) this.addExchange(exchange);
    this.records.push(...other.records.slice(0, MAX_RECORDS - this.records.length));
    for (const { file, line } of other.locations) this.addLocation(file, line);
    Object.assign(this.measurements, other.measurements);
  }
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
    const { database, files, findings, conversations } = this.surroundings;
    const refuseNow = (): void => {
      if (record.isClosed) throw new ExpectationFailed('the check is over');
      if (record.making > 0) throw new TypeError('while a shared value is made, only the context of its making may be used');
    };
    return {
      http: createCheckHttp({ ...this.surroundings.http, conversations }, (exchange) => record.addExchange(exchange), refuseNow),
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
      expect: createExpectations((file, line) => record.addLocation(file, line)),
      measure: (name, value) => {
        if (!Number.isFinite(value)) throw new ExpectationFailed(`"${name}" is ${value}, which is no figure`);
        record.measurements[name] = value;
        return value;
      },
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
