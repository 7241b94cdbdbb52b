import { ValidateBy } from 'class-validator';

/** The first day that is taken; earlier ones are typing errors. */
const FIRST = '1900-01-01';

/** A day of the calendar that there is, `YYYY-MM-DD`, from 1900 on. */
export function IsDay(): PropertyDecorator {
  return ValidateBy({
    name: 'isDay',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isDay(value),
      defaultMessage: () => `$property must be a day from ${FIRST} on as YYYY-MM-DD, for example 2026-11-30`,
    },
  });
}

/** The day that it is in UTC, `YYYY-MM-DD`. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < FIRST) return false;
  const time = Date.parse(text);
  // 30 February is read as 2 March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
