import { EstimateInputError } from '@assay/cost-model/input-error';
import { invalidInput } from './problem';

/** What the cost model read of a request. @throws Problem `invalid-input` naming every field at fault */
export function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asProblem(error);
  }
}

/** What the cost model cannot work with as `invalid-input`; any other error as it is. */
export function asProblem(error: unknown): unknown {
  return error instanceof EstimateInputError ? invalidInput(error.problems) : error;
}
