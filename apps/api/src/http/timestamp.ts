import { isISO8601, ValidateBy } from 'class-validator';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** A moment as RFC 3339 writes it, with its offset from UTC. Other forms of ISO 8601 leave the zone open or are no dates to JavaScript. */
export function IsTimestamp(): PropertyDecorator {
  return ValidateBy({
    name: 'isTimestamp',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' &&
        RFC_3339.test(value) &&
        isISO8601(value, { strict: true }) &&
        !Number.isNaN(Date.parse(value)),
      defaultMessage: () => '$property must be a date and time with its offset from UTC, for example 2026-11-30T18:00:00Z',
    },
  });
}
