import type { Detection, Severity } from '@assay/project-analysis/detection';
import type { Dockerfile, DockerStage } from '@assay/project-analysis/dockerfile';

/**
 * The submission's deployment files, read as the programs that use them would read them, without running anything: what stands in a
 * comment, a string or a stage that nobody uses does not count. Each of these fails the check when there is no such file or when its
 * program would refuse it. What was looked at is left as evidence.
 */
export interface CheckDeployment {
  /** @param path 'Dockerfile' where it is left out */
  image(path?: string): DeployedImage;
  /** Fails unless there is none of them, or none of these rules. */
  none(detections: readonly Detection[], what: string): void;
}

export interface DeployedImage {
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
  /** Our own rules (`dockerfile/runs-as-root`) and hadolint's (`hadolint/DL3008`), at least as severe as `severity` ('note'). */
  detections(severity?: Severity): readonly Detection[];
}
