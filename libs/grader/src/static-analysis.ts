import { type ExecFileException, execFile } from 'node:child_process';
import path from 'node:path';
import type { Finding } from '@assay/contracts/grading-report';
import { z } from 'zod';
import { InfrastructureFault } from './faults';

/** The rules that the rubric names as evidence (docs/RUBRIC.md). */
const RULES = [
  'B006',
  'SIM115',
  'E722',
  'BLE001',
  'C901',
  'S608',
  'S610',
  'S611',
  'DJ',
  'S105',
  'S106',
  'S107',
  'S113',
  'S308',
  'S324',
  'S501',
];
const TIMEOUT_MS = 30_000;
/** Signals that no program sends itself. */
const KILLS = new Set<NodeJS.Signals>(['SIGKILL', 'SIGTERM']);
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** Paths of one call of ruff, in bytes: the kernel bounds the arguments of a process. */
const MAX_ARGUMENT_BYTES = 256 * 1024;
/** What ruff itself would pick from a folder. */
const ANALYSED = /\.(py|pyi|ipynb)$/;
const ruffOutputSchema = z.array(
  z.object({
    code: z.string().nullable(),
    message: z.string(),
    filename: z.string(),
    location: z.object({ row: z.int().positive() }),
  }),
);

/** The linter itself did not work: never the submission's fault. */
export class StaticAnalysisFailed extends Error {
  override readonly name = 'StaticAnalysisFailed';
}

/**
 * Runs ruff on those of the files that are Python, with the grader's own rules; the project's configuration and `noqa` comments do not
 * count. Every rule looks at one file only, so a file has the same findings whatever is analysed with it. Sorted by file, line, rule and
 * message.
 * @param paths relative to `folder`, existing files
 */
export async function analyseFiles(
  ruff: string,
  folder: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const files of batches(paths.filter((file) => ANALYSED.test(file)))) {
    const output = await runRuff(ruff, folder, files, signal);
    const parsed = ruffOutputSchema.safeParse(JSON.parse(output));
    if (!parsed.success) throw new StaticAnalysisFailed(`ruff printed an unknown form: ${parsed.error.message}`);
    for (const { code, message, filename, location } of parsed.data) {
      if (code === null) continue;
      const file = path.relative(folder, filename).split(path.sep).join('/');
      findings.push({ tool: 'ruff', rule: code, message, file, line: location.row });
    }
  }
  return findings.sort(byPlace);
}

/** As arguments: a path may begin with `-` or `@`. */
function batches(paths: readonly string[]): string[][] {
  const all: string[][] = [];
  let room = 0;
  for (const file of paths) {
    const argument = `./${file}`;
    room -= Buffer.byteLength(argument) + 1;
    if (room < 0) {
      all.push([]);
      room = MAX_ARGUMENT_BYTES - Buffer.byteLength(argument);
    }
    all.at(-1)?.push(argument);
  }
  return all;
}

/**
 * The findings that are not already in the starter: those with the same file, rule and message are taken off one for one, first those on
 * lines that the candidate did not write, so that what is left points at the candidate's. On such lines the file does not matter either:
 * code may have been moved. What is left on them was brought about by a change elsewhere.
 *
 * @param isWritten whether the candidate wrote the line of a finding
 */
export function newFindings(
  submission: readonly Finding[],
  starter: readonly Finding[],
  isWritten: (finding: Finding) => boolean = () => true,
): Finding[] {
  const inFiles = new Tally(starter, ({ file, rule, message }) => JSON.stringify([file, rule, message]));
  const anywhere = new Tally(starter, ({ rule, message }) => JSON.stringify([rule, message]));
  const isOfStarter = inFiles.isEmpty ? new Set<Finding>() : new Set(submission.filter((finding) => !isWritten(finding)));
  const kept = new Set(submission);
  for (const finding of [...isOfStarter, ...submission.filter((other) => !isOfStarter.has(other))]) {
    if (inFiles.take(finding)) kept.delete(finding);
  }
  for (const finding of isOfStarter) if (anywhere.take(finding)) kept.delete(finding);
  return submission.filter((finding) => kept.has(finding));
}

/** How many findings of a kind there are left. */
class Tally {
  private readonly left = new Map<string, number>();

  constructor(
    findings: readonly Finding[],
    private readonly kindOf: (finding: Finding) => string,
  ) {
    for (const finding of findings) this.left.set(kindOf(finding), this.of(finding) + 1);
  }

  get isEmpty(): boolean {
    return this.left.size === 0;
  }

  /** Takes one away, if there is one. */
  take(finding: Finding): boolean {
    const count = this.of(finding);
    if (count > 0) this.left.set(this.kindOf(finding), count - 1);
    return count > 0;
  }

  private of(finding: Finding): number {
    return this.left.get(this.kindOf(finding)) ?? 0;
  }
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  if (a.line !== b.line) return a.line - b.line;
  if (a.rule !== b.rule) return a.rule < b.rule ? -1 : 1;
  return a.message < b.message ? -1 : a.message > b.message ? 1 : 0;
}

function runRuff(ruff: string, folder: string, files: readonly string[], signal: AbortSignal): Promise<string> {
  const options = ['check', '--isolated', '--no-cache', '--ignore-noqa', '--no-respect-gitignore', '--exit-zero', '--quiet'];
  const form = ['--output-format', 'json', '--target-version', 'py310', '--select', RULES.join(',')];
  return new Promise((resolve, reject) => {
    execFile(
      ruff,
      [...options, ...form, '--', ...files],
      { cwd: folder, env: { PATH: '/usr/bin:/bin' }, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, signal },
      (error, stdout, stderr) => {
        if (error) reject(failureOf(error, stderr));
        else resolve(stdout);
      },
    );
  });
}

/** A program that could not be started, or was killed from outside, says nothing about the files that it was given. */
function failureOf(error: ExecFileException, stderr: string): Error {
  const message = `ruff did not run: ${error.message} ${stderr}`.trim();
  const wasNotStarted = typeof error.code === 'string' && error.code !== 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
  const wasKilled = error.signal !== null && error.signal !== undefined && !error.killed && KILLS.has(error.signal);
  return wasNotStarted || wasKilled ? new InfrastructureFault('analysis-failed', message) : new StaticAnalysisFailed(message);
}
