import { Matches } from 'class-validator';

/** Text of one line that PostgreSQL can store as text and as JSON: no control characters, no half of a surrogate pair. */
export function IsPlainText(): PropertyDecorator {
  return Matches(/^[^\p{Cc}\p{Cs}]*$/u, {
    message: '$property must be one line of text without control characters or broken Unicode',
  });
}
