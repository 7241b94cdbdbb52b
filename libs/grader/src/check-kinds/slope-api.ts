import type { HttpAnswer } from './http-api';

/** Types of `slope`, for authors of checks. */

/** How the number of statements of a request grows with the rows that it answers with. */
export interface SlopeQuestion<Size extends SlopeSize> {
  /** Name of the figure in the evidence; `slope` when left out. */
  readonly name?: string;
  /** A request that answers with few rows, for example 5. */
  readonly small: Size;
  /** One that answers with many, for example 50. Other rows than the few, or a cache may answer. */
  readonly large: Size;
  /** Sends the request for one of the sizes. */
  readonly ask: (size: Size) => Promise<HttpAnswer>;
  /** The rows in an answer. */
  readonly rows: (answer: HttpAnswer, size: Size) => readonly unknown[];
  /**
   * The most statements that a sound project takes for few rows; 15 when left out. More than these do not count for the few: who wastes
   * statements on a short list has not made their number constant.
   */
  readonly enoughForFew?: number;
}

export interface SlopeSize {
  /** Rows that the answer has to hold, all of them different. */
  readonly rows: number;
}

/** Statements that each further row costs; fails the check when an answer does not hold the rows, or holds them without a statement. */
export type CheckSlope = <Size extends SlopeSize>(question: SlopeQuestion<Size>) => Promise<number>;
