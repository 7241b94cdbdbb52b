import { githubPipeline } from './github-pipeline';
import { gitlabPipeline } from './gitlab-pipeline';
import type { Pipeline, PipelineJob, PipelineStep } from './pipeline';
import type { ProjectFiles } from './project-files';
import type { Purpose } from './shell-commands';

/** Files that are looked into, and their characters together: more than anybody has. */
const MAX_FILES = 50;
const MAX_TEXT = 262_144;
const GITHUB = /^\.github\/workflows\/[^/]+\.ya?ml$/;

/** All pipelines of a project, in the order of their files. */
export function pipelinesOf(files: ProjectFiles): Pipeline[] {
  const found = files.list().filter((file) => file === '.gitlab-ci.yml' || GITHUB.test(file));
  let room = MAX_TEXT;
  return found.slice(0, MAX_FILES).flatMap((file) => {
    const text = files.read(file);
    room -= text?.length ?? 0;
    if (text === null || room < 0) return [];
    return [GITHUB.test(file) ? githubPipeline(file, text) : gitlabPipeline(file, text)];
  });
}

/** Steps for a purpose in jobs that count. */
export function stepsFor(pipeline: Pipeline, purpose: Purpose): (PipelineStep & { readonly job: PipelineJob })[] {
  return pipeline.jobs
    .filter((job) => !job.isOff && !job.isIgnored)
    .flatMap((job) => job.steps.filter((step) => step.purpose === purpose).map((step) => ({ ...step, job })));
}

/**
 * Jobs that bring the project into production, and whether each is gated: the tests must have succeeded in it before, or in a job that it
 * needs, and it runs on a condition (a branch, an environment, by hand), its own or the pipeline's.
 */
export function deployments(
  pipeline: Pipeline,
): { readonly job: PipelineJob; readonly afterTests: boolean; readonly isConditional: boolean }[] {
  const testing = new Set(stepsFor(pipeline, 'tests').map(({ job }) => job.id));
  const byId = new Map(pipeline.jobs.map((job) => [job.id, job]));
  const isPushedAlways = pipeline.triggers.some((trigger) => /^(push|pull_request|pull_request_target)$/.test(trigger));
  return pipeline.jobs
    .filter((job) => !job.isOff && job.steps.some(({ purpose }) => purpose === 'deploy'))
    .map((job) => {
      const first = job.steps.findIndex(({ purpose }) => purpose === 'deploy');
      const testsBefore = job.steps.slice(0, first).some(({ purpose }) => purpose === 'tests');
      const afterTests = testsBefore || (!runsAnyway(job) && [...ancestors(byId, job)].some((id) => testing.has(id)));
      return { job, afterTests, isConditional: job.condition !== null || !isPushedAlways };
    });
}

/** Whether a job runs although one that it needs failed: these functions of GitHub's take the place of `success()`. */
function runsAnyway({ condition }: PipelineJob): boolean {
  if (condition === null || !/\b(always|failure|cancelled)\s*\(/.test(condition)) return false;
  const asksForSuccess = /\bsuccess\s*\(/.test(condition) && !condition.includes('||');
  return !asksForSuccess && !/\.result\b/.test(condition);
}

function ancestors(byId: ReadonlyMap<string, PipelineJob>, job: PipelineJob): Set<string> {
  const found = new Set<string>();
  const left = [...job.needs];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    for (const need of byId.get(id)?.needs ?? []) if (!found.has(need)) left.push(need);
  }
  return found;
}
