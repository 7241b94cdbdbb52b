import type { AuditReport } from '@assay/contracts/audit-report';

/** What of areas C, D and E only a running project, or a person, tells. */
export const NOT_JUDGED: AuditReport['notJudged'] = [
  { criterion: 'C2', why: 'Whether logins can be passed by, guessed or timed shows over HTTP.' },
  { criterion: 'C3', why: 'Who may do what to whose data shows over HTTP, as different users.' },
  { criterion: 'C4', why: 'Which origins are answered shows over HTTP; only settings of django-cors-headers were read.' },
  { criterion: 'D1', why: 'Which indexes serve shows in query plans on data.' },
  { criterion: 'D2', why: 'How statements grow with rows shows at the database.' },
  { criterion: 'D3', why: 'How many connections are held shows under load.' },
  { criterion: 'D4', why: 'Whether cached answers are stale or reach another user shows over HTTP.' },
  { criterion: 'D5', why: 'Whether a killed task is done once shows with a worker.' },
  { criterion: 'E1', why: 'Whether the servers start and reload shows when they run.' },
  { criterion: 'E2', why: 'Whether the image builds and is healthy shows when it is built.' },
  { criterion: 'E5', why: 'Whether errors arrive, and without personal data, shows at the receiver.' },
];
