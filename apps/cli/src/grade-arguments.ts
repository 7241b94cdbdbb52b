import { parseArgs } from 'node:util';

/** Wrong usage; the message is one line for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type GradeArguments =
  | { readonly mode: 'grade'; readonly pack: string; readonly submission: string; readonly json: boolean }
  | { readonly mode: 'verify'; readonly pack: string; readonly json: boolean };

export const USAGE =
  'Usage: npm run grade -- <pack> <folder | archive | reference | broken/NAME | attacks/NAME> [--json]   or   npm run grade -- <pack> --verify [--json]';

/** Reads the words after `grade`. Throws {@link UsageError}. */
export function parseGradeArguments(words: readonly string[]): GradeArguments {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(words);
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message.split('\n')[0] : String(error)} ${USAGE}`);
  }
  const { positionals, values } = parsed;
  const [pack, submission] = positionals;
  if (pack === undefined || positionals.length > 2) throw new UsageError(USAGE);
  if (values.verify) {
    if (submission !== undefined)
      throw new UsageError(`--verify grades the pack's own solutions and takes no submission. ${USAGE}`);
    return { mode: 'verify', pack, json: values.json };
  }
  if (submission === undefined) throw new UsageError(`Name what is to be graded. ${USAGE}`);
  return { mode: 'grade', pack, submission, json: values.json };
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, verify: { type: 'boolean', default: false } },
  });
}
