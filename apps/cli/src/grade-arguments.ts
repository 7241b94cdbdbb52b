import { parseArgs } from 'node:util';
import { EXPORT_FORMATS, type ExportFormat } from '@assay/report-export/export-report';
import { DRIVER_NAMES, type DriverName } from '@assay/sandbox/choose-driver';

/** Wrong usage; the message is one line for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type GradeArguments =
  | (Common & {
      readonly mode: 'grade';
      readonly submission: string;
      readonly format: ExportFormat | null;
      readonly against: string | null;
    })
  | (Common & { readonly mode: 'verify' });

interface Common {
  readonly pack: string;
  readonly json: boolean;
  /** Null takes the best one that works on this machine. */
  readonly sandbox: DriverName | null;
}

export const USAGE =
  'Usage: npm run grade -- <pack> <folder | archive | reference | broken/NAME | attacks/NAME> [--json | --format junit|ctrf|sarif|gradescope] [--against REPORT] [--sandbox zygote|bubblewrap]   or   npm run grade -- <pack> --verify [--json] [--sandbox NAME]   or   npm run grade -- --audit <folder | git repository> [--json | --sarif]';

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
  const sandbox = DRIVER_NAMES.find((name) => name === values.sandbox) ?? null;
  if (values.sandbox !== undefined && sandbox === null)
    throw new UsageError(`There is no sandbox driver "${values.sandbox}", but there are ${DRIVER_NAMES.join(' and ')}. ${USAGE}`);
  const format = formatOf(values);
  if (values.against !== undefined && (values.verify || format))
    throw new UsageError(`--against compares one grade and goes with neither --verify nor --format. ${USAGE}`);
  if (values.verify) {
    if (submission !== undefined)
      throw new UsageError(`--verify grades the pack's own solutions and takes no submission. ${USAGE}`);
    return { mode: 'verify', pack, json: values.json, sandbox };
  }
  if (submission === undefined) throw new UsageError(`Name what is to be graded. ${USAGE}`);
  return { mode: 'grade', pack, submission, json: values.json, sandbox, format, against: values.against ?? null };
}

function formatOf(values: { readonly format?: string; readonly json: boolean; readonly verify: boolean }): ExportFormat | null {
  if (values.format === undefined) return null;
  if (values.json || values.verify) throw new UsageError(`--format goes with neither --json nor --verify. ${USAGE}`);
  const format = EXPORT_FORMATS.find((name) => name === values.format);
  if (format) return format;
  throw new UsageError(`There is no format "${values.format}", but there are ${EXPORT_FORMATS.join(', ')}. ${USAGE}`);
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      verify: { type: 'boolean', default: false },
      sandbox: { type: 'string' },
      format: { type: 'string' },
      against: { type: 'string' },
    },
  });
}
