import path from 'node:path';
import { z } from 'zod';
import type { PythonModule, PythonProblem } from '../python-source';
import { runTool, ToolFailed } from './run-tool';

const PROGRAM = path.join(__dirname, '..', '..', 'assets', 'read_python.py');
/** Of all files together. */
const MAX_ANSWER_BYTES = 24 * 1024 * 1024;
const TIMEOUT_MS = 600_000;
/** Files that may end the program before the rest is left alone. */
const MAX_CRASHES = 20;
/** By a crash of the parser, or by its limits on memory and processor time. */
const OWN_SIGNALS = new Set<NodeJS.Signals | null>(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGVTALRM', 'SIGXCPU', 'SIGKILL']);

const facts = z.array(z.looseObject({ line: z.int().positive() }));
/** Written by our own program: what is nested deeper is as it says. */
const moduleSchema = z.strictObject({
  file: z.string(),
  problem: z
    .strictObject({
      kind: z.enum(['syntax', 'too-large', 'too-deep', 'not-analysed']),
      message: z.string(),
      line: z.int().positive(),
    })
    .nullable(),
  imports: facts,
  functions: facts,
  classes: facts,
  calls: facts,
  handlers: facts,
  assignments: facts,
});

/**
 * What stands in Python files, by Python's own parser in a process with bounded memory and time; nothing of them is imported or run.
 * One module for each path that is Python (`.py`), in the order of the sorted paths. A file that cannot be read has a `problem`; only what
 * is no fault of the files rejects, with {@link ToolFailed}.
 *
 * @param python a Python 3 with its standard library; its version decides what is Python
 * @param folder absolute path that nobody else writes to
 * @param maxAnswerBytes of all modules as JSON; files beyond it are `too-large`, always the same ones since they are sorted
 */
export async function readPython(
  python: string,
  folder: string,
  paths: readonly string[],
  signal: AbortSignal,
  maxAnswerBytes = MAX_ANSWER_BYTES,
): Promise<PythonModule[]> {
  const modules: PythonModule[] = [];
  let left = paths.filter((file) => file.endsWith('.py')).sort();
  let room = maxAnswerBytes;
  for (let crashes = 0; left.length > 0; crashes += 1) {
    if (crashes > MAX_CRASHES)
      return [...modules, ...left.map((file) => unread(file, 'not-analysed', 'too many files broke off'))];
    const run = await runTool(python, ['-I', '-S', PROGRAM], {
      input: JSON.stringify({ folder, paths: left }),
      maxOutputBytes: room,
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    // The last line has its line break, or the program broke off in it.
    const lines = run.stdout.split('\n').slice(0, -1);
    for (const line of lines) modules.push(moduleSchema.parse(JSON.parse(line)) as unknown as PythonModule);
    room -= Buffer.byteLength(run.stdout);
    left = left.slice(lines.length);
    if (run.isCut) return [...modules, ...left.map((file) => unread(file, 'too-large', 'all files together hold too much code'))];
    const broke = left[0];
    if (broke === undefined) break;
    if (!OWN_SIGNALS.has(run.endedBy))
      throw new ToolFailed(`the reader of Python ended with ${run.code}: ${run.stderr.slice(-500)}`);
    modules.push(unread(broke, 'not-analysed', "Python's parser broke off"));
    left = left.slice(1);
  }
  return modules;
}

function unread(file: string, kind: PythonProblem['kind'], message: string): PythonModule {
  const nothing = { imports: [], functions: [], classes: [], calls: [], handlers: [], assignments: [] };
  return { file, problem: { kind, message, line: 1 }, ...nothing };
}
