import type { Detection, Severity } from '@assay/project-analysis/detection';
import { commandWords, inForce, lineage, parseDockerfile } from '@assay/project-analysis/dockerfile';
import { inspectDockerfile, isPinned, runsAsRoot } from '@assay/project-analysis/dockerfile-rules';
import type { CheckRecord } from '../check-record';
import { ExpectationFailed } from '../expectations';
import { InfrastructureFault } from '../faults';
import type { CheckDeployment, DeployedImage } from './deployment-files-api';
import type { SourceMaterial } from './source';

const SEVERITIES: readonly Severity[] = ['note', 'warning', 'error'];
/** Detections that are written down as evidence. */
const MAX_DETECTIONS = 20;

/** What a check sees of the submission's deployment files. @param guard throws when the check may not ask now */
export function createDeployment(material: SourceMaterial, record: CheckRecord, guard: () => void): CheckDeployment {
  return {
    image: (path = 'Dockerfile') => {
      guard();
      return image(material, record, path);
    },
    none: (detections, what) => {
      guard();
      for (const { file, line } of detections) record.addLocation(file, line);
      record.addRecord('deployment-file', what, listOf(detections));
      const first = detections[0];
      if (first) throw new ExpectationFailed(`${what}: ${first.file}:${first.line} ${first.message}`);
    },
  };
}

function image(material: SourceMaterial, record: CheckRecord, path: string): DeployedImage {
  const { reading, files } = material;
  if (reading === null) throw new InfrastructureFault('pack-broken', 'a check uses `deployment` without naming it in its code');
  const text = textOf(material, path);
  const dockerfile = parseDockerfile(text);
  const final = dockerfile.stages.at(-1);
  const problem = dockerfile.problems[0];
  record.addLocation(path, problem?.line ?? final?.line ?? 1);
  if (problem || !final) throw new ExpectationFailed(`docker build refuses ${path}: line ${problem?.line}, ${problem?.message}`);
  const family = lineage(final);
  const detections = [...inspectDockerfile(files, path), ...reading.dockerLint.filter(({ file }) => file === path)];
  record.addRecord('deployment-file', path, listOf(detections));
  return {
    file: path,
    dockerfile,
    final,
    unpinned: dockerfile.stages.filter((stage) => !isPinned(stage)),
    runsAsRoot: runsAsRoot(final),
    usesStages:
      family.length > 1 ||
      family.some(({ instructions }) => instructions.some(({ name, flags }) => name === 'COPY' && flags.has('from'))),
    hasHealthCheck: /\bCMD\b/.test(inForce(final, 'HEALTHCHECK')?.text ?? ''),
    command: [...commandWords(inForce(final, 'ENTRYPOINT')), ...commandWords(inForce(final, 'CMD'))],
    detections: (severity = 'note') =>
      detections.filter((found) => SEVERITIES.indexOf(found.severity) >= SEVERITIES.indexOf(severity)),
  };
}

function textOf({ files }: SourceMaterial, path: string): string {
  const text = files.read(path);
  if (text !== null) return text;
  throw new ExpectationFailed(`the project has no readable file ${path}`);
}

function listOf(detections: readonly Detection[]): string {
  const lines = detections.slice(0, MAX_DETECTIONS).map(({ file, line, rule, message }) => `${file}:${line} ${rule}: ${message}`);
  return detections.length === 0 ? 'nothing to blame' : [`${detections.length} found`, ...lines].join('\n');
}
