import type { Attack, AttackGroup } from '../attack';
import { answerForgeries } from './answer-forgeries';
import { archiveAttacks } from './archive-attacks';
import { conversationAttacks } from './conversation-attacks';
import { databaseLimits } from './database-limits';
import { databaseProxy } from './database-proxy';
import { databaseRights } from './database-rights';
import { dumbServers } from './dumb-servers';
import { faultForgeries } from './fault-forgeries';
import { inProcessForgeries } from './in-process-forgeries';
import { judgeSessionAttacks } from './judge-session-attacks';
import { judgeStatements } from './judge-statements';
import { leakAttacks } from './leak-attacks';
import { memoryForgeries } from './memory-forgeries';
import { mutatedAnswers } from './mutated-answers';
import { warmStartAttacks } from './warm-start-attacks';

/** Attacks on the judge, its database and its uploads, by theme. */
export const FORGERY_GROUPS: readonly AttackGroup[] = [
  { title: 'Deceiving a judge in its own process', attacks: inProcessForgeries },
  { title: 'Answers that earn nothing', attacks: [...answerForgeries, ...memoryForgeries, ...dumbServers] },
  { title: 'Reading the hidden checks', attacks: leakAttacks },
  { title: 'Conversations without bounds', attacks: conversationAttacks },
  { title: 'Faults that look like ours', attacks: [...faultForgeries, mutatedAnswers] },
  { title: "Rights in a submission's database", attacks: databaseRights },
  { title: 'Past the proxy, and statements that nobody counts', attacks: databaseProxy },
  { title: 'Using up the database server', attacks: databaseLimits },
  { title: "What the judge's own statements meet", attacks: [...judgeStatements, ...judgeSessionAttacks] },
  { title: 'Uploads', attacks: archiveAttacks },
  { title: 'Warm starts and copied tables', attacks: warmStartAttacks },
];

export const forgeries: readonly Attack[] = FORGERY_GROUPS.flatMap(({ attacks }) => attacks);
