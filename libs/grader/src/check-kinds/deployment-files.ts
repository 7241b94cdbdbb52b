import { parseCompose } from '@assay/project-analysis/compose';
import { composeFilesOf, inspectCompose } from '@assay/project-analysis/compose-rules';
import type { Detection } from '@assay/project-analysis/detection';
import { commandWords, inForce, lineage, parseDockerfile } from '@assay/project-analysis/dockerfile';
import { inspectDockerfile, isPinned, runsAsRoot } from '@assay/project-analysis/dockerfile-rules';
import { type GunicornSettings, gunicornOf } from '@assay/project-analysis/gunicorn-config';
import { inspectGunicorn } from '@assay/project-analysis/gunicorn-rules';
import { directivesNamed, inForceAt, locationsOf, parseNginx } from '@assay/project-analysis/nginx';
import { inspectNginx, nginxFilesOf } from '@assay/project-analysis/nginx-rules';
import { inspectRequirements } from '@assay/project-analysis/requirement-rules';
import { normalName, readRequirements } from '@assay/project-analysis/requirements';
import { inspectPipelines } from '@assay/project-analysis/workflow-rules';
import { deployments, pipelinesOf, stepsFor } from '@assay/project-analysis/workflows';
import type { CheckRecord } from '../check-record';
import { ExpectationFailed } from '../expectations';
import type {
  CheckDeployment,
  DeployedImage,
  DeployedPipelines,
  DeployedProxy,
  DeployedRequirements,
  DeployedServices,
} from './deployment-files-api';
import { DeploymentEvidence } from './deployment-files-evidence';
import type { SourceMaterial } from './source';

/** A command that could fail. */
const HEALTH_CHECK = /^CMD\s+(?!(true|:|exit 0|\[\s*"true"\s*\])\s*$)/i;
/** Compose files in which a command is looked for. */
const MAX_COMPOSE = 3;

/** What a check sees of the submission's deployment files. @param guard throws when the check may not ask now */
export function createDeployment(material: SourceMaterial, record: CheckRecord, guard: () => void): CheckDeployment {
  const evidence = new DeploymentEvidence(record);
  const guarded =
    <Arguments extends unknown[], Answer>(answer: (...given: Arguments) => Answer) =>
    (...given: Arguments): Answer => {
      guard();
      return answer(...given);
    };
  return {
    image: guarded((path = 'Dockerfile') => image(material, evidence, path)),
    compose: guarded((path) => services(material, evidence, path ?? composeFilesOf(material.files)[0] ?? 'compose.yaml')),
    nginx: guarded((path) => proxy(material, evidence, path ?? nginxFilesOf(material.files)[0] ?? 'nginx.conf')),
    gunicorn: guarded(() => gunicorn(material, evidence)),
    pipelines: guarded(() => pipelines(material, evidence)),
    requirements: guarded(() => requirements(material, evidence)),
    none: guarded((detections, what) => evidence.none(detections, what)),
  };
}

function image(material: SourceMaterial, evidence: DeploymentEvidence, path: string): DeployedImage {
  const { dockerLint } = material.reading;
  const dockerfile = parseDockerfile(textOf(material, path));
  evidence.refuse(path, dockerfile.problems, 'docker build');
  const final = dockerfile.stages.at(-1);
  if (!final) throw new ExpectationFailed(`${path} has no stage`);
  const family = lineage(final);
  const detections = [...inspectDockerfile(material.files, path), ...dockerLint.filter(({ file }) => file === path)];
  return {
    file: path,
    dockerfile,
    final,
    unpinned: dockerfile.stages.filter((stage) => !isPinned(stage)),
    runsAsRoot: runsAsRoot(final),
    usesStages:
      family.length > 1 ||
      family.some(({ instructions }) => instructions.some(({ name, flags }) => name === 'COPY' && flags.has('from'))),
    hasHealthCheck: HEALTH_CHECK.test(inForce(final, 'HEALTHCHECK')?.text ?? ''),
    command: [...commandWords(inForce(final, 'ENTRYPOINT')), ...commandWords(inForce(final, 'CMD'))],
    ...evidence.judged(path, detections),
  };
}

function services(material: SourceMaterial, evidence: DeploymentEvidence, path: string): DeployedServices {
  const compose = parseCompose(path, textOf(material, path));
  evidence.refuse(path, compose.problems, 'docker compose');
  return { ...compose, ...evidence.judged(path, inspectCompose(material.files, path, compose)) };
}

function proxy(material: SourceMaterial, evidence: DeploymentEvidence, path: string): DeployedProxy {
  textOf(material, path);
  const { directives, problems } = parseNginx(material.files, path);
  evidence.refuse(path, problems, 'nginx');
  const tested = material.reading.nginx.filter(({ config }) => config === path);
  evidence.refuse(path, tested, 'nginx -t');
  const locations = locationsOf(directives);
  return {
    file: path,
    directives,
    named: (name) => directivesNamed(directives, name),
    locations,
    proxied: locations.filter(({ directive }) => directive.block?.some(({ name }) => name === 'proxy_pass')),
    inForce: inForceAt,
    ...evidence.judged(path, inspectNginx(material.files, path)),
  };
}

/** What starts gunicorn: the image, a service, a Procfile. */
function gunicorn(material: SourceMaterial, evidence: DeploymentEvidence): GunicornSettings {
  const { files } = material;
  const { modules } = material.reading;
  const final = parseDockerfile(files.read('Dockerfile') ?? '').stages.at(-1);
  const commands: { readonly file: string; readonly words: readonly string[] }[] = [
    ...(final
      ? [{ file: 'Dockerfile', words: [...commandWords(inForce(final, 'ENTRYPOINT')), ...commandWords(inForce(final, 'CMD'))] }]
      : []),
    ...composeFilesOf(files)
      .slice(0, MAX_COMPOSE)
      .flatMap((file) => parseCompose(file, files.read(file) ?? '').services.map(({ command }) => ({ file, words: command }))),
    ...(files.read('Procfile') ?? '')
      .split('\n')
      .slice(0, 100)
      .map((line) => ({ file: 'Procfile', words: line.trim().split(/\s+/) })),
  ];
  for (const { file, words } of commands) {
    const found = gunicornOf(scriptOf(words, material), modules);
    if (!found) continue;
    const lines = [...found.settings.values()].map(({ name, value, isComputed, file: from }) => {
      const shown = isComputed ? `worked out${value === null ? '' : `, else ${value}`}` : value;
      return `${name}: ${shown}${from === null ? '' : ` (${from})`}`;
    });
    evidence.write(`gunicorn, started by ${file}`, [`application: ${found.application ?? 'none'}`, ...lines.sort()].join('\n'));
    evidence.judged('gunicorn', inspectGunicorn(modules));
    return found;
  }
  throw new ExpectationFailed('nothing starts gunicorn: no Dockerfile, no compose service, no Procfile');
}

/** A start script of the project stands for what it runs. */
function scriptOf(words: readonly string[], { files }: SourceMaterial): readonly string[] {
  const script = words
    .find((word) => /\.sh$/.test(word))
    ?.split('/')
    .at(-1);
  const found = script === undefined ? undefined : files.list().find((file) => file === script || file.endsWith(`/${script}`));
  if (found === undefined) return words;
  const lines = (files.read(found) ?? '').split('\n').filter((line) => !line.trimStart().startsWith('#'));
  return (
    lines
      .find((line) => /(^|[\s/])gunicorn\s/.test(line) && !/^\s*(echo|pip)/.test(line))
      ?.trim()
      .split(/\s+/) ?? words
  );
}

function pipelines(material: SourceMaterial, evidence: DeploymentEvidence): DeployedPipelines {
  const found = pipelinesOf(material.files);
  if (found.length === 0) throw new ExpectationFailed('the project has no workflow of GitHub Actions and no .gitlab-ci.yml');
  for (const { file, problem } of found) evidence.refuse(file, problem ? [problem] : [], 'the CI service');
  return {
    pipelines: found,
    steps: (purpose) => {
      const steps = found.flatMap((pipeline) => stepsFor(pipeline, purpose).map((step) => ({ ...step, file: pipeline.file })));
      for (const { file, line } of steps) evidence.at(file, line);
      return steps;
    },
    deployments: found.flatMap((pipeline) => deployments(pipeline).map((deployment) => ({ ...deployment, file: pipeline.file }))),
    ...evidence.judged('CI', inspectPipelines(material.files, found)),
  };
}

function requirements(material: SourceMaterial, evidence: DeploymentEvidence): DeployedRequirements {
  const all = readRequirements(material.files);
  if (all.requirements.length === 0) throw new ExpectationFailed('the project lists no requirements');
  const detections: readonly Detection[] = inspectRequirements(material.files);
  return {
    ...all,
    find: (name) => {
      const named = all.requirements.filter((requirement) => requirement.name === normalName(name));
      const found = named.find(({ isPinned }) => isPinned) ?? named[0] ?? null;
      if (found) evidence.at(found.file, found.line);
      return found;
    },
    ...evidence.judged('requirements', detections),
  };
}

function textOf({ files }: SourceMaterial, path: string): string {
  const text = files.read(path);
  if (text !== null) return text;
  throw new ExpectationFailed(`the project has no readable file ${path}`);
}
