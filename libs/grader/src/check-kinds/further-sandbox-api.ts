/** How a further sandbox of the submission differs from the project that serves. */
export interface FurtherSandbox {
  /** Variables added to those of the pack, or standing in their place. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables that the project gets and this sandbox does not, for example `DJANGO_SECRET_KEY`. */
  readonly without?: readonly string[];
  /** Limit of its own time in seconds, at most 900; the pack's `startSeconds` when left out, or `runSeconds` for what runs until it is stopped. */
  readonly seconds?: number;
}

/** How a program of the submission ended, as the kernel tells it. `killed`: by the check, or with the grade. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'limit'; readonly limit: 'memory' | 'cpu' | 'system_calls' }
  | { readonly kind: 'timed_out'; readonly seconds: number }
  | { readonly kind: 'killed' };
