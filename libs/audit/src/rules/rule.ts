import type { AuditConfidence, AuditSeverity } from '@assay/contracts/audit-report';
import type { CriterionId } from '@assay/contracts/rubric-ids';

/** What a rule is about, whatever project it looks at. */
export interface Rule {
  readonly criterion: CriterionId;
  /** Number in the Common Weakness Enumeration, null where none fits. */
  readonly cwe: number | null;
  readonly severity: AuditSeverity;
  /** What can come of it, or what to do instead. */
  readonly why: string;
}

/** A finding before it has its fingerprint. */
export interface RawFinding extends Rule {
  readonly rule: string;
  readonly confidence: AuditConfidence;
  readonly file: string;
  readonly line: number;
  /** What is there, in one sentence. */
  readonly message: string;
}
