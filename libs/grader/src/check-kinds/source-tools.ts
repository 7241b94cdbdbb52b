import type { Finding } from '@assay/contracts/grading-report';
import type { SubmittedFiles } from '../check-api';
import type { CheckRecord } from '../check-record';
import { InfrastructureFault } from '../faults';
import type { CheckDeployment } from './deployment-files-api';
import type { SourceMaterial } from './source';
import type { CheckSource } from './source-api';
import type { SourceReading } from './source-reading';

type Maker<Tool> = (material: SourceMaterial, record: CheckRecord, guard: () => void) => Tool;

/** What looks at the submission's files, for all checks of a run; null what none of them uses. */
export interface SourceTools {
  readonly material: SourceMaterial;
  readonly source: Maker<CheckSource> | null;
  readonly deployment: Maker<CheckDeployment> | null;
}

/** Loads what the checks use, and nothing else: the readers of files take time and memory that other packs need not spend. */
export function openSource(
  reading: SourceReading | null,
  files: SubmittedFiles,
  findings: readonly Finding[],
): SourceTools | null {
  if (reading === null) return null;
  const { needs } = reading;
  return {
    material: { reading, files, findings },
    source: needs.source ? sourceMaker() : null,
    deployment: needs.deployment ? deploymentMaker() : null,
  };
}

function sourceMaker(): Maker<CheckSource> {
  return (require('./source') as typeof import('./source')).createSource;
}

function deploymentMaker(): Maker<CheckDeployment> {
  return (require('./deployment-files') as typeof import('./deployment-files')).createDeployment;
}

/** The tool of a check. Throws {@link InfrastructureFault} when the pack's code was not seen to use it. */
export function sourceTool(tools: SourceTools | null, record: CheckRecord, guard: () => void): CheckSource {
  if (!tools?.source) throw new InfrastructureFault('pack-broken', 'a check uses `source` without naming it in its code');
  return tools.source(tools.material, record, guard);
}

/** Like {@link sourceTool}. */
export function deploymentTool(tools: SourceTools | null, record: CheckRecord, guard: () => void): CheckDeployment {
  if (!tools?.deployment) throw new InfrastructureFault('pack-broken', 'a check uses `deployment` without naming it in its code');
  return tools.deployment(tools.material, record, guard);
}
