import type { Pipeline, PipelineJob, PipelineStep } from './pipeline';
import { commandsOf, mayTest, purposesOf } from './shell-commands';
import { listOf, mapOf, readYaml, textOf, type YamlText } from './yaml-text';

const MAX_STEP_TEXT = 200;
/** Keys at the top that are no jobs. */
const GLOBAL = new Set([
  'default',
  'include',
  'stages',
  'variables',
  'workflow',
  'image',
  'services',
  'cache',
  'before_script',
  'after_script',
  'spec',
  'pages',
]);
const STAGES = ['.pre', 'build', 'test', 'deploy', '.post'];
/** As GitLab has it: jobs above each other, and those that one names. */
const MAX_EXTENDS = 11;
/** Of all jobs together; each may extend many that extend many. */
const MAX_EXTENSIONS = 1_000;

/** https://docs.gitlab.com/ci/yaml/ */
export function gitlabPipeline(file: string, text: string): Pipeline {
  const yaml = readYaml(text);
  const top = mapOf(yaml.value);
  const named = listOf(top.stages).flatMap((stage) => textOf(stage) ?? []);
  const stages = named.length > 0 ? ['.pre', ...named, '.post'] : STAGES;
  const names = Object.keys(top).filter(
    (name) => !GLOBAL.has(name) && !name.startsWith('.') && Object.keys(mapOf(top[name])).length > 0,
  );
  const budget = { left: MAX_EXTENSIONS };
  const given = names.map((name) => ({ name, job: withExtended(mapOf(top[name]), top, 0, budget) }));
  const stageOf = (job: Readonly<Record<string, unknown>>): number => stages.indexOf(textOf(job.stage) ?? 'test');
  const jobs = given.map(({ name, job }) => {
    const earlier = given.filter((other) => stageOf(other.job) < stageOf(job)).map((other) => other.name);
    const needs = Array.isArray(job.needs) ? job.needs.flatMap((need) => textOf(need) ?? textOf(mapOf(need).job) ?? []) : earlier;
    return jobOf(name, job, needs, top, yaml);
  });
  const isEmpty = yaml.problem === null && jobs.length === 0;
  return {
    file,
    kind: 'gitlab',
    problem: yaml.problem ?? (isEmpty ? { line: 1, message: 'there are no jobs' } : null),
    triggers: ['push'],
    jobs,
  };
}

function jobOf(
  id: string,
  job: Readonly<Record<string, unknown>>,
  needs: readonly string[],
  top: Readonly<Record<string, unknown>>,
  yaml: YamlText,
): PipelineJob {
  const rules = listOf(job.rules).map(mapOf);
  const environment = textOf(job.environment) ?? textOf(mapOf(job.environment).name);
  const isManual = job.when === 'manual' || rules.some((rule) => rule.when === 'manual');
  const isLimited =
    job.only !== undefined ||
    job.except !== undefined ||
    rules.some((rule) => rule.if !== undefined || rule.changes !== undefined);
  const before = job.before_script ?? mapOf(top.default).before_script ?? top.before_script;
  return {
    id,
    line: yaml.lineOf([id]),
    needs,
    steps: [...stepsOf(before, id, 'before_script', yaml), ...stepsOf(job.script, id, 'script', yaml)],
    condition: isManual ? 'by hand' : isLimited ? 'rules' : environment === null ? null : `environment ${environment}`,
    isOff: job.when === 'never' || (rules.length > 0 && rules.every((rule) => rule.when === 'never')),
    isIgnored: job.allow_failure === true,
    mayTest:
      job.trigger !== undefined ||
      listOf(job.script).some((text) => commandsOf(textOf(text) ?? '').some(({ words }) => mayTest(words))),
  };
}

function stepsOf(script: unknown, id: string, key: string, yaml: YamlText): PipelineStep[] {
  const lines = Array.isArray(script) ? script.flat(3) : script === undefined ? [] : [script];
  return lines.flatMap((text, index) => {
    const line = yaml.lineOf([id, key, index]);
    return commandsOf(textOf(text) ?? '')
      .filter((command) => !command.isIgnored)
      .flatMap(({ words, line: at }) =>
        purposesOf(words).map((purpose) => ({ purpose, text: words.join(' ').slice(0, MAX_STEP_TEXT), line: line + at })),
      );
  });
}

function withExtended(
  job: Readonly<Record<string, unknown>>,
  top: Readonly<Record<string, unknown>>,
  depth: number,
  budget: { left: number },
): Readonly<Record<string, unknown>> {
  const names = textOf(job.extends) ? [String(job.extends)] : listOf(job.extends).flatMap((name) => textOf(name) ?? []);
  budget.left -= names.length;
  if (depth >= MAX_EXTENDS || names.length === 0 || names.length > MAX_EXTENDS || budget.left < 0) return job;
  const bases = names.map((name) => withExtended(mapOf(top[name]), top, depth + 1, budget));
  return Object.assign({}, ...bases, job);
}
