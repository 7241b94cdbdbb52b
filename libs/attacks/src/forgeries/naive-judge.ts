import path from 'node:path';
import { z } from 'zod';
import type { Observation } from '../attack';
import type { Stage } from '../stage';
import type { Submission } from './court';
import { openDatabase } from './own-database';
import { startWithoutJudge } from './serve';

const NAIVE_JUDGE = path.join(__dirname, '..', '..', 'assets', 'naive-judge');

/** What a judge in the process of what it judges may take for the truth. */
export type Belief = 'exit' | 'stdout' | 'stderr' | 'channel' | 'junit';

const verdictSchema = z.object({
  passed: z.array(z.string()),
  leaked: z.boolean(),
  exit: z.number(),
  output: z.string(),
});
type Verdict = z.infer<typeof verdictSchema>;

/** Proof by a judge that runs in one process with the project: it believes in points that the bare starter does not get of it. */
export function naiveJudge(believes: Belief, tests = 'naive_tests') {
  return async (stage: Stage, submission: Submission): Promise<Observation> => {
    const bare = await stage.shared(`naive judge of the starter, ${believes}, ${tests}`, (whole) =>
      judge(whole, {}, believes, tests),
    );
    if (bare.passed.length > 0) throw new Error(`The naive judge gives points to the bare starter: ${JSON.stringify(bare)}`);
    const { passed, output } = await judge(stage, submission, believes, tests);
    const seen = passed.length > 0 ? `a judge in the same process believes: ${passed.join(', ')} passed` : output.slice(-300);
    return { breached: passed.length > 0, seen };
  };
}

/** Proof by the same: the project prints what only the judge's tests hold. */
export async function leakToProject(stage: Stage, submission: Submission): Promise<Observation> {
  const { leaked, output } = await judge(stage, submission, 'exit', 'naive_tests');
  return { breached: leaked, seen: leaked ? 'a project in the process of its tests found what they hold' : output.slice(-300) };
}

async function judge(stage: Stage, submission: Submission, believes: Belief, tests: string): Promise<Verdict> {
  const { database } = await openDatabase(stage);
  const sandbox = await startWithoutJudge(
    stage,
    { ...submission, folders: [NAIVE_JUDGE] },
    { database, wsgi: 'naive_supervisor', migrate: true, environment: { NAIVE_BELIEVES: believes, NAIVE_TESTS: tests } },
  );
  const started = await sandbox.started;
  await sandbox.kill();
  const line = /^NAIVE (\{.*\})$/m.exec(sandbox.log())?.[1];
  if (line === undefined) throw new Error(`The naive judge did not end: ${JSON.stringify(started)} ${sandbox.log()}`);
  return verdictSchema.parse(JSON.parse(line));
}
