import type { Pipeline, PipelineJob, PipelineStep } from './pipeline';
import { commandsOf, mayTest, type Purpose, purposesOf } from './shell-commands';
import { listOf, mapOf, readYaml, textOf, type YamlText } from './yaml-text';

const MAX_STEP_TEXT = 200;
/** Actions that do what a command would. */
const ACTIONS: readonly (readonly [RegExp, Purpose])[] = [
  [/^docker\/(build-push-action|bake-action)@/, 'image-build'],
  [
    /^(astral-sh\/ruff-action|psf\/black|pre-commit\/action|chartboost\/ruff-action|wemake-services\/wemake-python-styleguide)(@|$)/,
    'lint',
  ],
  [/^(pypa\/gh-action-pip-audit|pyupio\/safety-action)@/, 'dependency-audit'],
  [
    /^(appleboy\/ssh-action|superfly\/flyctl-actions|akhileshns\/heroku-deploy|azure\/webapps-deploy|google-github-actions\/deploy-|aws-actions\/amazon-ecs-deploy)/i,
    'deploy',
  ],
];
const ALWAYS_OFF = /^(\$\{\{\s*)?false(\s*\}\})?$/;

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax */
export function githubPipeline(file: string, text: string): Pipeline {
  const yaml = readYaml(text);
  const top = mapOf(yaml.value);
  const given = mapOf(top.jobs);
  const on = top.on ?? top.true;
  const triggers = textOf(on)
    ? [String(on)]
    : Array.isArray(on)
      ? on.flatMap((event) => textOf(event) ?? [])
      : Object.keys(mapOf(on));
  const onlyBranches = Object.entries(mapOf(on)).filter(
    ([, how]) => mapOf(how).branches !== undefined || mapOf(how).tags !== undefined,
  );
  const jobs = Object.keys(given).map((id) => jobOf(id, mapOf(given[id]), yaml));
  // A push to some branches only is no push of everybody.
  const names = triggers.map((trigger) =>
    trigger === 'push' && onlyBranches.some(([event]) => event === 'push') ? 'push to some branches' : trigger,
  );
  const isEmpty = yaml.problem === null && jobs.length === 0;
  return {
    file,
    kind: 'github',
    problem: yaml.problem ?? (isEmpty ? { line: 1, message: 'there are no jobs' } : null),
    triggers: names,
    jobs,
  };
}

function jobOf(id: string, given: Readonly<Record<string, unknown>>, yaml: YamlText): PipelineJob {
  const path = ['jobs', id];
  const needs = textOf(given.needs) ? [String(given.needs)] : listOf(given.needs).flatMap((name) => textOf(name) ?? []);
  const environment = textOf(given.environment) ?? textOf(mapOf(given.environment).name);
  const condition = textOf(given.if);
  const isOff = condition !== null && ALWAYS_OFF.test(condition);
  return {
    id,
    line: yaml.lineOf(path),
    needs,
    steps: listOf(given.steps).flatMap((step, index) =>
      stepsOf(mapOf(step), (key) => yaml.lineOf([...path, 'steps', index, key]), yaml.lineOf([...path, 'steps', index])),
    ),
    condition: condition ?? (environment === null ? null : `environment ${environment}`),
    isOff,
    isIgnored: given['continue-on-error'] === true,
    mayTest:
      textOf(given.uses) !== null ||
      listOf(given.steps).some((step) => commandsOf(textOf(mapOf(step).run) ?? '').some(({ words }) => mayTest(words))),
  };
}

function stepsOf(step: Readonly<Record<string, unknown>>, lineOf: (key: string) => number, line: number): PipelineStep[] {
  if (step['continue-on-error'] === true || ALWAYS_OFF.test(textOf(step.if) ?? '')) return [];
  const uses = textOf(step.uses);
  if (uses !== null) {
    const purpose = ACTIONS.find(([action]) => action.test(uses))?.[1];
    return purpose ? [{ purpose, text: uses.slice(0, MAX_STEP_TEXT), line }] : [];
  }
  const run = textOf(step.run) ?? '';
  // A block begins on the line after its key.
  const first = lineOf('run') + (run.includes('\n') ? 1 : 0);
  return commandsOf(run)
    .filter((command) => !command.isIgnored)
    .flatMap(({ words, line: at }) =>
      purposesOf(words).map((purpose) => ({ purpose, text: words.join(' ').slice(0, MAX_STEP_TEXT), line: first + at })),
    );
}
