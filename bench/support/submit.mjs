import { watchRuns } from './graded-runs.mjs';
import { startedCandidate, startPlatform } from './platform.mjs';

/**
 * The whole platform. `submit` goes from the upload until the API answers with the scorecard, for a candidate made by `invite`:
 * `{ totalMs, acceptedMs, phases }`.
 */
export async function preparePlatform({ archive, resources, onProgress }) {
  const platform = await startPlatform({ resources, onProgress });
  const runOf = await watchRuns({ adminUrl: platform.adminUrl, resources });
  const submit = async ({ evaluationId, client }) => {
    const begin = performance.now();
    const beginTime = Date.now();
    const { id } = await client.upload('/candidate/evaluation/submissions', archive);
    const acceptedMs = performance.now() - begin;
    const { outcome, reason, requestedAt } = await runOf(id);
    if (outcome !== 'graded') throw new Error(`The run ended as ${outcome}: ${JSON.stringify(reason)}`);
    const scorecard = await platform.recruiter.get(`/evaluations/${evaluationId}/scorecard`);
    const totalMs = performance.now() - begin;
    if (scorecard.composite !== 100) throw new Error(`The reference solution scored ${scorecard.composite}, not 100.`);
    const { queueMs, startMs, runMs, totalMs: gradeMs } = scorecard.provenance.timings;
    const uploadMs = Math.max(0, requestedAt - beginTime);
    // Up to the first check is `startMs`, the checks and the end of the sandbox are `runMs`; what is left is the way back.
    const reportMs = Math.max(0, totalMs - uploadMs - queueMs - gradeMs);
    return { totalMs, acceptedMs, phases: { uploadMs, queueMs, startMs, runMs, reportMs } };
  };
  return { invite: () => startedCandidate(platform), submit };
}
