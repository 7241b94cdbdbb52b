/** How bad it is when it is true. A `note` is no fault: a reviewer may want to know. */
export type Severity = 'error' | 'warning' | 'note';
/** How sure the detector is that a careful reader would agree. */
export type Confidence = 'high' | 'medium' | 'low';

/** Something that a detector saw in a file. Never holds a secret itself. */
export interface Detection {
  /** Stable id `<detector>/<what>`, for example `secrets/aws-access-key`. */
  readonly rule: string;
  /** Path in the project. */
  readonly file: string;
  /** Counts from 1; 1 also where the whole file is meant. */
  readonly line: number;
  /** What is there, in one sentence. */
  readonly message: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Number in the Common Weakness Enumeration (798: hard-coded credentials), null where none fits. */
  readonly cwe: number | null;
  /** What can come of it and what to do instead, in one or two sentences. */
  readonly why: string;
}

/** Sorted by file, line, rule and message, so that the same project always gives the same list. */
export function inOrder(detections: readonly Detection[]): Detection[] {
  return [...detections].sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || compare(a.rule, b.rule) || compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
