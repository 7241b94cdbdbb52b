import { execFile } from 'node:child_process';
import path from 'node:path';
import type { Finding } from '@assay/contracts/grading-report';
import { z } from 'zod';

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
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
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
 * Runs ruff on the Python files below `folder` with the grader's own rules; the project's configuration and `noqa` comments do not
 * count. Sorted by file, line, rule and message.
 */
export async function analyseFolder(
  ruff: string,
  folder: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Finding[]> {
  if (!paths.some((file) => file.endsWith('.py'))) return [];
  const output = await runRuff(ruff, folder, signal);
  const parsed = ruffOutputSchema.safeParse(JSON.parse(output));
  if (!parsed.success) throw new StaticAnalysisFailed(`ruff printed an unknown form: ${parsed.error.message}`);
  const findings = parsed.data.flatMap((found) => {
    if (found.code === null) return [];
    const file = path.relative(folder, found.filename).split(path.sep).join('/');
    return [{ tool: 'ruff', rule: found.code, message: found.message, file, line: found.location.row }];
  });
  return findings.sort(byPlace);
}

/** The findings that are not already in the starter: those with the same file, rule and message are taken off one for one. */
export function newFindings(submission: readonly Finding[], starter: readonly Finding[]): Finding[] {
  const known = new Map<string, number>();
  for (const finding of starter) known.set(identity(finding), (known.get(identity(finding)) ?? 0) + 1);
  return submission.filter((finding) => {
    const left = known.get(identity(finding)) ?? 0;
    if (left === 0) return true;
    known.set(identity(finding), left - 1);
    return false;
  });
}

function identity(finding: Finding): string {
  return JSON.stringify([finding.file, finding.rule, finding.message]);
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  if (a.line !== b.line) return a.line - b.line;
  if (a.rule !== b.rule) return a.rule < b.rule ? -1 : 1;
  return a.message < b.message ? -1 : a.message > b.message ? 1 : 0;
}

function runRuff(ruff: string, folder: string, signal: AbortSignal): Promise<string> {
  const options = ['check', '--isolated', '--no-cache', '--ignore-noqa', '--no-respect-gitignore', '--exit-zero', '--quiet'];
  // Without it, folders named like build output are passed over, and a project may well import from them.
  const everywhere = ['--config', 'exclude = []'];
  const form = ['--output-format', 'json', '--target-version', 'py310', '--select', RULES.join(',')];
  return new Promise((resolve, reject) => {
    execFile(
      ruff,
      [...options, ...everywhere, ...form, folder],
      { cwd: folder, env: { PATH: '/usr/bin:/bin' }, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, signal },
      (error, stdout, stderr) => {
        if (error) reject(new StaticAnalysisFailed(`ruff did not run: ${error.message} ${stderr}`.trim()));
        else resolve(stdout);
      },
    );
  });
}
