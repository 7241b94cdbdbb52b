export interface InputProblem {
  /** The field at fault, for example `project.seats` or `assumptions.C3.high`. */
  readonly path: string;
  /** What was wrong and what to give instead. */
  readonly message: string;
}

/** Input that cannot be estimated. Holds every problem that was found, not only the first. */
export class EstimateInputError extends Error {
  override readonly name = 'EstimateInputError';

  constructor(readonly problems: readonly InputProblem[]) {
    super(problems.map(({ path, message }) => `${path}: ${message}`).join(' '));
  }
}

/** Which numbers a field takes: above zero, zero and above, 0..1, from 0 to just below 1, or negative ones too. */
export type Allowed = 'positive' | 'non_negative' | 'share' | 'share_below_one' | 'any';

/** No amount, rate or duration of a hiring model comes near this; larger numbers are typing errors. */
const LARGEST = 1e9;

/** Says what is wrong with a number, or null when it may be used. */
export function numberProblem(value: unknown, allowed: Allowed): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return `must be a finite number; got ${shown(value)}.`;
  if (value > LARGEST) return `must not be above ${LARGEST}; got ${value}.`;
  if (allowed === 'any') return value < -LARGEST ? `must not be below -${LARGEST}; got ${value}.` : null;
  if (allowed === 'positive') return value > 0 ? null : `must be above 0; got ${value}.`;
  if (value < 0) return `must not be negative; got ${value}.`;
  if (allowed === 'share' && value > 1) return `is a share and must be from 0 to 1; got ${value}.`;
  if (allowed === 'share_below_one' && value >= 1) return `is a share and must be at least 0 and below 1; got ${value}.`;
  return null;
}

/** Whether a field was left out; null says the same. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Collects the problems of one input, then throws them together. */
export class InputProblems {
  private readonly found: InputProblem[] = [];

  add(path: string, message: string): void {
    this.found.push({ path, message });
  }

  /** Reads a number; on a problem notes it and returns NaN, which no caller sees because `throwIfAny` follows. */
  number(path: string, value: unknown, allowed: Allowed): number {
    const problem = numberProblem(value, allowed);
    if (problem !== null) this.add(path, problem);
    return problem === null ? Number(value) : Number.NaN;
  }

  /** Reads an object; on a problem notes it and returns an empty one. */
  record(path: string, value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.add(path, `must be an object; got ${shown(value)}.`);
      return {};
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) this.add(`${path}.${key}`, `is not known; use ${known.join(', ')}.`);
    }
    return { ...value };
  }

  /** Reads a part by its own rules: its problems are noted where it stands, `to` in place of `from`; null when there are any. */
  collect<T>(read: () => T, from = '', to = ''): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof EstimateInputError)) throw error;
      for (const { path, message } of error.problems) {
        this.add(path.startsWith(from) ? `${to}${path.slice(from.length)}` : path, message);
      }
      return null;
    }
  }

  /** @throws EstimateInputError when a problem was noted */
  throwIfAny(): void {
    if (this.found.length > 0) throw new EstimateInputError(this.found);
  }
}

/** A value as it may be quoted in a message: bounded, and readable for NaN, undefined and objects. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value.slice(0, 40)}"`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return value === undefined ? 'nothing' : String(value);
}
