import path from 'node:path';
import { runTool, ToolFailed } from '@assay/project-analysis/tools/run-tool';
import { type ProjectFacts, projectFactsSchema } from './project-facts';
import { SETTINGS_READ } from './settings-read';

const SCRIPT = path.join(__dirname, '..', 'assets', 'audit_project.py');
const CPU_SECONDS = 120;
const MEMORY_BYTES = 2 * 1024 ** 3;
const TIMEOUT_MS = 10 * 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** Files that may crash the parser, each once, before the project is given up. */
const MAX_CRASHES = 12;

/** The project cannot be read: too many of its files make Python's parser crash, or reading it takes too long. */
export class UnreadableProject extends Error {
  override readonly name = 'UnreadableProject';
}

/**
 * Reads settings and code of a project in a Python process of ours with limits on time and memory. Nothing of the project is imported or
 * run. A file that makes the parser crash is left out and named in `problems`.
 *
 * @param python interpreter with the standard library; started with `-I`
 * @param files paths relative to `root`; regular files, no links
 * @throws UnreadableProject, or ToolFailed when Python itself did not work
 */
export async function readProject(
  python: string,
  root: string,
  files: readonly string[],
  signal: AbortSignal,
): Promise<ProjectFacts> {
  const crashed: string[] = [];
  for (;;) {
    const left = files.filter((file) => !crashed.includes(file));
    const input = JSON.stringify({
      root,
      files: left,
      settings: SETTINGS_READ,
      cpuSeconds: CPU_SECONDS,
      memoryBytes: MEMORY_BYTES,
    });
    const run = await runTool(python, ['-I', SCRIPT], { input, maxOutputBytes: MAX_OUTPUT_BYTES, timeoutMs: TIMEOUT_MS, signal });
    const lines = run.stdout.split('\n').filter((line) => line !== '');
    if (run.code === 0) return withCrashes(parseAnswer(lines.at(-1) ?? ''), crashed);
    const culprit = lastRead(lines);
    if (culprit === null) throw new ToolFailed(`Python did not read the project: ${run.stderr.trim().slice(-500)}`);
    if (crashed.length >= MAX_CRASHES)
      throw new UnreadableProject(`Reading ${culprit} ends Python's parser, as ${crashed.length} other files do`);
    crashed.push(culprit);
  }
}

function parseAnswer(line: string): ProjectFacts {
  const parsed = projectFactsSchema.safeParse(JSON.parse(line).answer);
  if (!parsed.success) throw new ToolFailed(`The reader of projects printed an unknown form: ${parsed.error.message}`);
  return parsed.data;
}

function lastRead(lines: readonly string[]): string | null {
  const last = lines.findLast((line) => line.startsWith('{"reading":') && line.endsWith('}'));
  const file: unknown = last === undefined ? null : JSON.parse(last).reading;
  return typeof file === 'string' ? file : null;
}

function withCrashes(facts: ProjectFacts, crashed: readonly string[]): ProjectFacts {
  const problems = crashed.map((file) => ({ file, why: 'makes the parser of Python crash or takes too long' }));
  return { ...facts, problems: [...facts.problems, ...problems] };
}
