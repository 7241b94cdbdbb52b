import { ValidateBy } from 'class-validator';

const ONE_LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;

/**
 * Text of one line that PostgreSQL can store as text and as JSON: no control characters, no half of a surrogate pair. Counts code
 * points, as the checks of the tables do; `Length` counts fewer where a character is made of several.
 */
export function IsPlainText(longest = 200): PropertyDecorator {
  return ValidateBy({
    name: 'isPlainText',
    constraints: [longest],
    validator: {
      validate: (value: unknown) => typeof value === 'string' && ONE_LINE.test(value) && [...value].length <= longest,
      defaultMessage: () =>
        `$property must be one line of text of at most ${longest} characters, without control characters or broken Unicode`,
    },
  });
}
