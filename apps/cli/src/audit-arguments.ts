import { parseArgs } from 'node:util';
import { UsageError } from './grade-arguments';

export interface AuditArguments {
  /** Folder, path of a git repository, or its https address. */
  readonly target: string;
  readonly format: 'text' | 'json' | 'sarif';
}

export const AUDIT_USAGE = 'Usage: npm run grade -- --audit <folder | git repository> [--json | --sarif]';

/** Whether the words after `grade` ask for an audit. */
export function asksForAudit(words: readonly string[]): boolean {
  return words.includes('--audit');
}

/** Reads the words after `grade` when `--audit` is among them. Throws {@link UsageError}. */
export function parseAuditArguments(words: readonly string[]): AuditArguments {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(words);
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message.split('\n')[0] : String(error)} ${AUDIT_USAGE}`);
  }
  const { positionals, values } = parsed;
  const [target] = positionals;
  if (target === undefined || target === '' || positionals.length > 1) throw new UsageError(AUDIT_USAGE);
  if (values.json && values.sarif) throw new UsageError(`--json and --sarif exclude each other. ${AUDIT_USAGE}`);
  return { target, format: values.json ? 'json' : values.sarif ? 'sarif' : 'text' };
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      audit: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      sarif: { type: 'boolean', default: false },
    },
  });
}
