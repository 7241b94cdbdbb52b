import type { CheckContext } from '../check-api';
import type { CheckRecord } from '../check-record';
import { type ProjectCallOptions, ProjectCalls } from './python-calls';

/** What reaches into the running project besides HTTP, for all checks of a run. */
export interface ProjectAccess {
  readonly calls: ProjectCalls;
}

export function openProject(options: ProjectCallOptions): ProjectAccess {
  return { calls: new ProjectCalls(options) };
}

/** The part of a check's context that reaches into the running project. @param guard throws when the check may not ask now */
export function projectTools(project: ProjectAccess, record: CheckRecord, guard: () => void): Pick<CheckContext, 'python'> {
  return { python: project.calls.create(record, guard) };
}
