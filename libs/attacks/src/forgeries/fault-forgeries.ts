import { runInNewContext } from 'node:vm';
import type { Attack, Observation } from '../attack';
import type { GradedForgery } from './graded-forgery';
import { gradedForgery, isFree } from './graded-forgery';
import { naiveJudge } from './naive-judge';

const SPEND_MS = 1_500;

/** A run that ends as a fault of ours costs no attempt and is tried again: no project may bring that about. */
const fault = (forgery: Pick<GradedForgery, 'id' | 'title' | 'layer' | 'submission' | 'proof'>): Attack =>
  gradedForgery({
    ...forgery,
    breach: 'The run ends as a fault of ours, which costs no attempt and is tried again, or takes the judge longer than it may.',
    isBreach: (report) =>
      isFree(report) || report.timings.runMs > 10_000 || report.checks.some(({ status }) => status === 'passed'),
  });

const answering = (python: string): GradedForgery['submission'] => ({
  files: {
    'notes/views.py': `from django.http import HttpResponse\n\nBODY = ${python}\n\n\ndef notes(_request):\n    return HttpResponse(BODY, content_type="application/json")\n`,
  },
});

/** What code does that walks through an answer as it came. */
function crashes(work: () => unknown): Observation {
  try {
    work();
    return { breached: false, seen: 'careless code got through' };
  } catch (error) {
    return { breached: true, seen: `careless code ends with ${String(error).slice(0, 120)}` };
  }
}

export const faultForgeries: readonly Attack[] = [
  fault({
    id: 'deeply-nested-list',
    title: 'An answer of 400,000 lists in each other',
    layer: 'strict-checks',
    submission: answering('"[" * 400000 + "]" * 400000'),
    proof: async () => crashes(() => JSON.stringify(JSON.parse('['.repeat(400_000) + ']'.repeat(400_000)))),
  }),
  fault({
    id: 'deeply-nested-object',
    title: 'An answer of 100,000 objects in each other',
    layer: 'strict-checks',
    submission: answering(`'{"a":' * 100000 + "1" + "}" * 100000`),
    proof: async () => crashes(() => structuredClone(JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`))),
  }),
  fault({
    id: 'beginnings-of-tokens',
    title: 'An answer that is nothing but beginnings of tokens',
    layer: 'bounded-conversation',
    submission: answering('"eyJ-" * 250000'),
    // The pattern that evidence was once cleaned with.
    proof: async () =>
      crashes(() =>
        runInNewContext("'eyJ-'.repeat(250000).replace(/\\beyJ[\\w-]{5,}\\.[\\w-]+/g, '')", {}, { timeout: SPEND_MS }),
      ),
  }),
  fault({
    id: 'channels-flooded',
    title: 'Every pipe that it was given flooded with nonsense',
    layer: 'outside-judge',
    submission: { overlays: ['with-forge', 'channels-flooded'] },
    proof: async (stage, submission) => {
      try {
        const { seen } = await naiveJudge('channel')(stage, submission);
        return { breached: false, seen };
      } catch (error) {
        return { breached: true, seen: `a judge that reads what it is told over a pipe: ${String(error).slice(0, 200)}` };
      }
    },
  }),
];
