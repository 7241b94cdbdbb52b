import { withoutControls } from '../faults';

/** Marks that turn the direction of what follows, with which a text can look like another one. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/gu;

/** What a project says, for its author to read: its end where it is too long, without control characters and halves of characters. */
export function shownText(text: string, longest: number): string {
  const clean = withoutControls(text)
    .replace(DIRECTION, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
  return clean.length > longest ? `...${clean.slice(3 - longest)}`.replace(/\p{Surrogate}/gu, '\ufffd') : clean;
}
