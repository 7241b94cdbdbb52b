/** Every permission there is. An endpoint names the one it needs; one that names none does not answer. */
export enum Permission {
  ReadOrganisation = 'organisation:read',
  ManageOrganisation = 'organisation:manage',
  ManageMembers = 'members:manage',
  ManageApiKeys = 'api-keys:manage',
  ReadAudit = 'audit:read',
  ReadRubrics = 'rubrics:read',
  ReadTasks = 'tasks:read',
  ReadCandidates = 'candidates:read',
  ManageCandidates = 'candidates:manage',
  ReadEvaluations = 'evaluations:read',
  ManageEvaluations = 'evaluations:manage',
  ReadSubmissions = 'submissions:read',
  ReadGrading = 'grading:read',
  RequestRegrade = 'grading:regrade',
  /** Says whether the scorecards of a regrade take the place of those that count; takes a person, so no API key has it. */
  DecideRegrade = 'grading:decide-regrade',
  ReadScorecards = 'scorecards:read',
  ReadEstimates = 'estimates:read',
  CreateEstimates = 'estimates:create',
  /** The organisation's own assumption sets and exchange rates. */
  ManageAssumptions = 'assumptions:manage',
  /** The candidate's own evaluation and nothing else; never part of a staff role or an API key. */
  TakeEvaluation = 'evaluation:take',
}

export const STAFF_ROLES = ['owner', 'recruiter', 'engineering_lead'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

const READ_ALL = [
  Permission.ReadOrganisation,
  Permission.ReadRubrics,
  Permission.ReadTasks,
  Permission.ReadCandidates,
  Permission.ReadEvaluations,
  Permission.ReadSubmissions,
  Permission.ReadGrading,
  Permission.ReadScorecards,
  Permission.ReadEstimates,
  Permission.CreateEstimates,
];
const RECRUIT = [Permission.ManageCandidates, Permission.ManageEvaluations, Permission.ManageAssumptions];
const REGRADE = [Permission.RequestRegrade, Permission.DecideRegrade];
const OWN = [Permission.ManageOrganisation, Permission.ManageMembers, Permission.ManageApiKeys, Permission.ReadAudit];

/** What each role may do. */
export const ROLE_PERMISSIONS: Readonly<Record<StaffRole, ReadonlySet<Permission>>> = {
  owner: new Set([...READ_ALL, ...RECRUIT, ...OWN, ...REGRADE]),
  recruiter: new Set([...READ_ALL, ...RECRUIT]),
  engineering_lead: new Set([...READ_ALL, ...REGRADE]),
};

export const CANDIDATE_PERMISSIONS: ReadonlySet<Permission> = new Set([Permission.TakeEvaluation]);

/** What an API key may be given: all but the management of members and keys, so that a leaked key cannot make itself more. */
export const API_KEY_SCOPES: readonly Permission[] = [...READ_ALL, ...RECRUIT, Permission.RequestRegrade, Permission.ReadAudit];
