import type { Attack } from '../attack';
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
import { warmStartAttacks } from './warm-start-attacks';

/** Attacks on the judge, its database and its uploads. */
export const forgeries: readonly Attack[] = [
  ...inProcessForgeries,
  ...answerForgeries,
  ...memoryForgeries,
  ...leakAttacks,
  ...conversationAttacks,
  ...faultForgeries,
  ...databaseRights,
  ...databaseProxy,
  ...databaseLimits,
  ...judgeStatements,
  ...judgeSessionAttacks,
  ...archiveAttacks,
  ...warmStartAttacks,
  ...dumbServers,
];
