import type { ProjectFacts } from '../project-facts';
import type { RawFinding } from './rule';

/** Whether there are tests at all; how good they are, files do not tell. */
export function judgeTests({
  tests,
  settings,
  manageFolder,
}: Pick<ProjectFacts, 'tests' | 'settings' | 'manageFolder'>): RawFinding[] {
  if (tests.functions > 0) return [];
  const file = manageFolder === null ? (settings?.file ?? '') : `${manageFolder === '' ? '' : `${manageFolder}/`}manage.py`;
  return [
    {
      rule: 'tests/none',
      criterion: 'E3',
      cwe: null,
      severity: 'warning',
      confidence: 'high',
      file,
      line: 1,
      message: 'The project has no test.',
      why: 'Nothing tells whether a change breaks it.',
    },
  ];
}
