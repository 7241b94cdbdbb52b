import type { EvidenceRecord, EvidenceRecordKind, Exchange } from '@assay/contracts/grading-report';

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
