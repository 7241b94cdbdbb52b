import type { HttpAnswer } from '../check-api';
import { ExpectationFailed, isServerError, NothingToJudge } from '../expectations';
import type { CheckSlope, SlopeQuestion, SlopeSize } from './slope-api';

const ENOUGH_FOR_FEW = 15;

/** Measures how statements grow with rows. @param measure keeps a figure as evidence and returns it */
export function createSlope(measure: (name: string, value: number) => number): CheckSlope {
  return async (question) => {
    const { small, large, name = 'slope', enoughForFew = ENOUGH_FOR_FEW } = question;
    if (!(large.rows > small.rows && small.rows > 0)) throw new TypeError('a slope needs few rows, and more than those');
    const few = await statementsFor(question, small);
    const many = await statementsFor(question, large);
    measure(`${name}: statements for ${small.rows} rows`, few);
    measure(`${name}: statements for ${large.rows} rows`, many);
    return measure(name, slopeOf(few, many, large.rows - small.rows, enoughForFew));
  };
}

/** Statements that each of so many further rows costs. Fewer for many than for few is no credit, nor is waste on the few. */
export function slopeOf(few: number, many: number, rows: number, enoughForFew: number): number {
  return (Math.max(few, many) - Math.min(few, enoughForFew)) / rows;
}

async function statementsFor<Size extends SlopeSize>({ ask, rows }: SlopeQuestion<Size>, size: Size): Promise<number> {
  const answer: HttpAnswer = await ask(size);
  const refuse = (what: string, Failure = ExpectationFailed): never => {
    throw new Failure(`the answer that should hold ${size.rows} rows ${what}`);
  };
  if (answer.status !== 200) refuse(`has status ${answer.status}`, isServerError(answer.status) ? NothingToJudge : undefined);
  const found = rows(answer, size);
  const different = new Set(found.map((row) => JSON.stringify(row))).size;
  if (found.length !== size.rows) refuse(`holds ${found.length}`);
  if (different !== size.rows) refuse(`holds only ${different} that differ`);
  if (answer.statementCount === 0) refuse('came without any statement to the database');
  return answer.statementCount;
}
