import type { CriterionId } from '@assay/contracts/rubric-ids';
import { composeFilesOf, inspectCompose } from '@assay/project-analysis/compose-rules';
import type { Detection } from '@assay/project-analysis/detection';
import { dockerfilesOf, inspectDockerfile } from '@assay/project-analysis/dockerfile-rules';
import { isDevelopmentSettings, isDocument, isMachineMade, isTemplate, isTestFile } from '@assay/project-analysis/file-roles';
import { inspectGunicorn } from '@assay/project-analysis/gunicorn-rules';
import { inspectNginx, nginxFilesOf } from '@assay/project-analysis/nginx-rules';
import type { ProjectFiles } from '@assay/project-analysis/project-files';
import type { PythonModule } from '@assay/project-analysis/python-source';
import { inspectRequirements } from '@assay/project-analysis/requirement-rules';
import { findSecrets } from '@assay/project-analysis/secrets';
import { inspectPipelines } from '@assay/project-analysis/workflow-rules';
import { pipelinesOf } from '@assay/project-analysis/workflows';
import { falseAlarms, isPythonImage, NOT_SCANNED, oneEachLine, oneEachMessage, worthScanning } from './deployment-context';
import type { RawFinding } from './rule';

/** What the detectors of `project-analysis` speak of. */
const CRITERIA: Readonly<Record<string, CriterionId>> = {
  secrets: 'E4',
  requirements: 'E4',
  dockerfile: 'E2',
  compose: 'E2',
  nginx: 'E1',
  gunicorn: 'E1',
  ci: 'E3',
};
/** Detections about settings that are judged by their value, not by their text. */
const JUDGED_BY_VALUE = new Set(['secrets/django-secret-key', 'secrets/django-secret-key-default']);
/** Files of tools, samples and development that nobody deploys. */
const NOT_DEPLOYED = /(^|\/)(\.[^/]+|ci|dev|development|local|contrib|benchmarks?|tools|scripts|bin)(\/|$)/i;
const DEVELOPMENT_NAME =
  /(^|[/._-])(dev|devel|development|local|test|tests|testing|pytest|ci|debug|override|e2e|bench)([._-]|$)/i;

export interface DeploymentFacts {
  readonly findings: readonly RawFinding[];
  /** Whether all texts were looked through for secrets. */
  readonly isScannedWhole: boolean;
  readonly dockerfiles: number;
  readonly composeFiles: number;
  readonly nginxFiles: number;
  readonly pipelines: number;
}

/** Secrets, images, services, proxy, application server, pipelines and requirements. */
export function judgeDeployment(files: ProjectFiles, modules: readonly PythonModule[]): DeploymentFacts {
  const dockerfiles = dockerfilesOf(files).filter((file) => isDeployed(file) && isPythonImage(files, file));
  const composeFiles = composeFilesOf(files).filter(isDeployed);
  const nginxFiles = nginxFilesOf(files).filter(isDeployed);
  const secrets = findSecrets(worthScanning(files), modules).filter(isTaken);
  const detections = [
    ...oneEachLine(secrets),
    ...dockerfiles.flatMap((file) => inspectDockerfile(files, file)),
    ...oneEachMessage(composeFiles.flatMap((file) => inspectCompose(files, file))),
    ...nginxFiles.flatMap((file) => inspectNginx(files, file)),
    ...inspectGunicorn(modules),
    ...inspectPipelines(files),
    ...inspectRequirements(files),
  ];
  const isTrue = falseAlarms(files);
  return {
    findings: detections.filter((one) => one.confidence !== 'low' && isTrue(one)).map(asFinding),
    isScannedWhole: !secrets.some(({ rule }) => rule === NOT_SCANNED),
    dockerfiles: dockerfiles.length,
    composeFiles: composeFiles.length,
    nginxFiles: nginxFiles.length,
    pipelines: pipelinesOf(files).length,
  };
}

function isDeployed(file: string): boolean {
  return !NOT_DEPLOYED.test(file) && !isTestFile(file) && !isDocument(file) && !isTemplate(file) && !DEVELOPMENT_NAME.test(file);
}

/** A detection of low confidence (a key in a test) is no finding of an audit that is to be right. */
function isTaken({ rule, file, confidence }: Detection): boolean {
  return confidence !== 'low' && !JUDGED_BY_VALUE.has(rule) && !isMachineMade(file) && !isDevelopmentSettings(file);
}

function asFinding({ rule, file, line, message, severity, confidence, cwe, why }: Detection): RawFinding {
  const criterion = CRITERIA[rule.split('/')[0] ?? ''];
  if (criterion === undefined) throw new Error(`No criterion is known for ${rule}`);
  return {
    rule,
    criterion,
    cwe,
    severity,
    confidence,
    file,
    line,
    message: message.endsWith('.') ? message : `${message}.`,
    why,
  };
}
