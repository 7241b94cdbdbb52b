import { AREA_IDS, type AreaId } from '@assay/contracts/rubric-ids';
import type { ReportView, ViewedCheck } from './view-report';

export interface AreaOfChecks {
  readonly id: AreaId;
  readonly name: string;
  readonly checks: readonly ViewedCheck[];
}

/** The checks of a view by skill area, in the order of the rubric; areas without checks are left out. */
export function checksByArea(view: ReportView): readonly AreaOfChecks[] {
  return AREA_IDS.map((id) => ({
    id,
    name: `Area ${id}`,
    checks: view.checks.filter((check) => check.criterion.startsWith(id)),
  })).filter(({ checks }) => checks.length > 0);
}
