import { type Detection, inOrder } from './detection';
import type { Pipeline } from './pipeline';
import type { ProjectFiles } from './project-files';
import { deployments, pipelinesOf, stepsFor } from './workflows';

const OTHER_CI =
  /^(\.circleci\/config\.yml|\.travis\.yml|Jenkinsfile|azure-pipelines\.yml|bitbucket-pipelines\.yml|\.drone\.yml|\.woodpecker(\.ya?ml|\/.*)|\.cirrus\.yml|\.buildkite\/.*)$/;

/** What the CI of a project has to be blamed for; empty for a project without any. @param pipelines those of the files, if they were read */
export function inspectPipelines(files: ProjectFiles, pipelines: readonly Pipeline[] = pipelinesOf(files)): Detection[] {
  const found = pipelines.flatMap((pipeline) => [
    ...refused(pipeline),
    ...ungated(pipeline, pipelines),
    ...untrusted(files, pipeline),
  ]);
  const first = pipelines[0];
  const isUnknown =
    pipelines.some(({ problem, jobs }) => problem !== null || jobs.some((job) => job.mayTest)) ||
    files.list().some((file) => OTHER_CI.test(file));
  if (first && !isUnknown && pipelines.every((pipeline) => stepsFor(pipeline, 'tests').length === 0)) {
    found.push({
      rule: 'ci/no-tests',
      file: first.file,
      line: 1,
      message: 'No job was seen to run the tests',
      severity: 'warning',
      confidence: 'medium',
      cwe: null,
      why: 'What nobody runs breaks unseen. A step whose failure is ignored, or that never runs, does not count.',
    });
  }
  return inOrder(found);
}

function refused({ file, problem }: Pipeline): Detection[] {
  if (problem === null) return [];
  return [
    {
      rule: 'ci/refused',
      file,
      line: problem.line,
      message: `The CI service refuses it: ${problem.message}`,
      severity: 'error',
      confidence: 'high',
      cwe: null,
      why: 'Nothing of it runs.',
    },
  ];
}

function ungated(pipeline: Pipeline, all: readonly Pipeline[]): Detection[] {
  // Started by another workflow: what that one demands is seen there.
  const isFollowUp = pipeline.triggers.some((trigger) =>
    /^(workflow_run|workflow_call|workflow_dispatch|release)$/.test(trigger),
  );
  if (isFollowUp || !all.some((other) => stepsFor(other, 'tests').length > 0)) return [];
  return deployments(pipeline)
    .filter(({ afterTests }) => !afterTests)
    .map(({ job }) => ({
      rule: 'ci/deploys-untested',
      file: pipeline.file,
      line: job.line,
      message: `The job "${job.id}" deploys without waiting for the tests`,
      severity: 'warning',
      confidence: 'medium',
      cwe: null,
      why: 'What fails the tests is in production before anybody sees it. Let it need the job that runs them.',
    }));
}

/** `pull_request_target` with the code of the pull request gives strangers the secrets. */
function untrusted(files: ProjectFiles, { file, triggers }: Pipeline): Detection[] {
  if (!triggers.includes('pull_request_target')) return [];
  const lines = (files.read(file) ?? '').split('\n');
  const line = lines.findIndex((text) =>
    /^\s*ref:\s*\$\{\{\s*github\.(event\.pull_request\.head\.(sha|ref)|head_ref)\s*\}\}/.test(text),
  );
  // Into a folder of its own it is looked at, as a rule, and not run.
  const isApart = lines.slice(Math.max(line - 4, 0), line + 6).some((text) => /^\s*path:\s*\S/.test(text));
  if (line === -1 || isApart) return [];
  return [
    {
      rule: 'ci/untrusted-checkout',
      file,
      line: line + 1,
      message: 'Code of pull requests runs with the secrets of the repository',
      severity: 'error',
      confidence: 'medium',
      cwe: 829,
      why: 'Whoever opens a pull request can read them. Use pull_request, or do not check out its head.',
    },
  ];
}
