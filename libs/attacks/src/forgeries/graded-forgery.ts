import type { GradingReport } from '@assay/contracts/grading-report';
import type { Attack, JudgeLayer, Observation } from '../attack';
import type { Stage } from '../stage';
import { courtOf, describeReport, earned, grade, type Submission } from './court';

/** A forgery that the real grader grades. */
export interface GradedForgery {
  readonly id: string;
  readonly title: string;
  readonly breach: string;
  readonly layer: JudgeLayer;
  readonly residual?: string;
  readonly submission: Submission;
  /** Whether the report of the real grader shows a breach; absent: any point is one, and so is a fault that is called ours. */
  readonly isBreach?: (report: GradingReport) => boolean;
  readonly seconds?: number;
  /** The same submission before a judge that lacks the layer. */
  readonly proof: (stage: Stage, submission: Submission) => Promise<Observation>;
}

/** A fault that is called ours costs its author no attempt and is tried again: nobody may cause one. */
export function isFree(report: GradingReport): boolean {
  return report.outcome === 'infra_fault';
}

/** Makes an attack of a forgery. */
export function gradedForgery(forgery: GradedForgery): Attack {
  const { id, title, breach, layer, residual = null, submission, seconds, proof } = forgery;
  const isBreach = forgery.isBreach ?? ((report: GradingReport) => earned(report) > 0 || isFree(report));
  return {
    id,
    title,
    breach,
    layers: [layer],
    residual,
    runs: 'each',
    ...(seconds === undefined ? {} : { seconds }),
    async attempt(stage, without) {
      if (without.length > 0) return proof(stage, submission);
      const report = await grade(stage, submission);
      if (report.outcome === 'cancelled') throw new Error('the attempt was ended');
      return { breached: isBreach(report), seen: describeReport(report) };
    },
  };
}

/** Proof by a careless author's checks, which give points to the same submission. */
export async function looseChecks(stage: Stage, submission: Submission): Promise<Observation> {
  const report = await grade(stage, submission, (await courtOf(stage)).loosePack);
  return { breached: earned(report) > 0, seen: `with careless checks: ${describeReport(report)}` };
}
