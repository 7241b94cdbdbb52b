import type { Detection, Severity } from '@assay/project-analysis/detection';
import type { CheckRecord } from '../check-record';
import { ExpectationFailed } from '../expectations';
import type { Judged } from './deployment-files-api';

const SEVERITIES: readonly Severity[] = ['note', 'warning', 'error'];
/** Detections that are written down as evidence. */
const MAX_DETECTIONS = 20;

/** What is left in a check's record of the deployment files that it looked at. */
export class DeploymentEvidence {
  constructor(private readonly record: CheckRecord) {}

  at(file: string, line: number): void {
    this.record.addLocation(file, line);
  }

  write(title: string, text: string): void {
    this.record.addRecord('deployment-file', title, text);
  }

  /** Writes down what is to be blamed. */
  judged(title: string, detections: readonly Detection[]): Judged {
    this.write(title, listOf(detections));
    return {
      detections: (severity = 'note') =>
        detections.filter((found) => SEVERITIES.indexOf(found.severity) >= SEVERITIES.indexOf(severity)),
    };
  }

  /** Fails the check when a file cannot be used as it is. */
  refuse(
    file: string,
    problems: readonly { readonly file?: string; readonly line: number; readonly message: string }[],
    program: string,
  ): void {
    const first = problems[0];
    this.at(first?.file ?? file, first?.line ?? 1);
    if (first) throw new ExpectationFailed(`${program} refuses ${first.file ?? file}: line ${first.line}, ${first.message}`);
  }

  none(detections: readonly Detection[], what: string): void {
    for (const { file, line } of detections) this.at(file, line);
    this.write(what, listOf(detections));
    const first = detections[0];
    if (first) throw new ExpectationFailed(`${what}: ${first.file}:${first.line} ${first.message}`);
  }
}

function listOf(detections: readonly Detection[]): string {
  const lines = detections.slice(0, MAX_DETECTIONS).map(({ file, line, rule, message }) => `${file}:${line} ${rule}: ${message}`);
  return detections.length === 0 ? 'nothing to blame' : [`${detections.length} found`, ...lines].join('\n');
}
