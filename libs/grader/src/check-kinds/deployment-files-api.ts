import type { ComposeFile } from '@assay/project-analysis/compose';
import type { Detection, Severity } from '@assay/project-analysis/detection';
import type { Dockerfile, DockerStage } from '@assay/project-analysis/dockerfile';
import type { GunicornSettings } from '@assay/project-analysis/gunicorn-config';
import type { NginxDirective, NginxLocation } from '@assay/project-analysis/nginx';
import type { Pipeline, PipelineJob, PipelineStep } from '@assay/project-analysis/pipeline';
import type { Requirement, Requirements } from '@assay/project-analysis/requirements';
import type { Purpose } from '@assay/project-analysis/shell-commands';

/**
 * The submission's deployment files, read as the programs that use them would read them, without running anything: what stands in a
 * comment, a string or a stage that nobody uses does not count. Each of these fails the check when there is no such file or when its
 * program would refuse it, and leaves what is to be blamed in it as evidence.
 */
export interface CheckDeployment {
  /** @param path 'Dockerfile' where it is left out */
  image(path?: string): DeployedImage;
  /** @param path the first compose file of the project where it is left out */
  compose(path?: string): DeployedServices;
  /** @param path the first configuration of nginx where it is left out */
  nginx(path?: string): DeployedProxy;
  /**
   * How gunicorn is told to run by the image, else by a compose service or a Procfile, with the configuration file that they name. Fails
   * the check when nothing starts gunicorn.
   */
  gunicorn(): GunicornSettings;
  /** Workflows of GitHub Actions and the pipeline of GitLab. */
  pipelines(): DeployedPipelines;
  requirements(): DeployedRequirements;
  /** Fails unless there is none of them. */
  none(detections: readonly Detection[], what: string): void;
}

/** What our rules, and those of linters, have against a file: at least as severe as `severity`, 'note' where it is left out. */
export interface Judged {
  detections(severity?: Severity): readonly Detection[];
}

export interface DeployedImage extends Judged {
  readonly file: string;
  readonly dockerfile: Dockerfile;
  /** The last stage: what is shipped. */
  readonly final: DockerStage;
  /** Base images without a version. */
  readonly unpinned: readonly DockerStage[];
  /** Null when nobody can tell from the file alone. */
  readonly runsAsRoot: boolean | null;
  /** The shipped stage takes something from another one, or begins with it. */
  readonly usesStages: boolean;
  readonly hasHealthCheck: boolean;
  /** What the container runs: words of ENTRYPOINT and CMD. */
  readonly command: readonly string[];
}

export interface DeployedServices extends Judged, ComposeFile {}

export interface DeployedProxy extends Judged {
  readonly file: string;
  readonly directives: readonly NginxDirective[];
  /** All directives of a name, wherever they stand. */
  named(name: string): readonly NginxDirective[];
  readonly locations: readonly NginxLocation[];
  /** Those that pass requests on. */
  readonly proxied: readonly NginxLocation[];
  /** What is in force in a location: its own, or those of the nearest level around it that has any. */
  inForce(location: NginxLocation, name: string): readonly NginxDirective[];
}

export interface DeployedPipelines extends Judged {
  readonly pipelines: readonly Pipeline[];
  /** Steps for a purpose whose failure fails their pipeline. */
  steps(purpose: Purpose): readonly (PipelineStep & { readonly file: string; readonly job: PipelineJob })[];
  /** Jobs that deploy, and what has to be before. */
  readonly deployments: readonly {
    readonly file: string;
    readonly job: PipelineJob;
    /** The tests must have succeeded before. */
    readonly afterTests: boolean;
    /** Only on a branch, tag or environment, or by hand. */
    readonly isConditional: boolean;
  }[];
}

export interface DeployedRequirements extends Judged, Requirements {
  /** The requirement of this name, the pinned one where there are several. */
  find(name: string): Requirement | null;
}
