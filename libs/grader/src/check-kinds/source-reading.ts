import type { Finding } from '@assay/contracts/grading-report';
import { ChangedLines, type LineRange, touches } from '@assay/project-analysis/changed-lines';
import type { Detection } from '@assay/project-analysis/detection';
import { dockerfilesOf } from '@assay/project-analysis/dockerfile-rules';
import { nginxFilesOf } from '@assay/project-analysis/nginx-rules';
import type { PythonModule } from '@assay/project-analysis/python-source';
import { lintDockerfile } from '@assay/project-analysis/tools/hadolint';
import { findNginx, type NginxRefusal, testNginx } from '@assay/project-analysis/tools/nginx-test';
import { readPython } from '@assay/project-analysis/tools/read-python';
import { ToolFailed } from '@assay/project-analysis/tools/run-tool';
import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { CompiledCheckFile } from '@assay/task-pack/hidden-checks';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import type { SubmittedFiles } from '../check-api';
import { InfrastructureFault } from '../faults';
import type { TakenIn } from '../submission-intake';
import { createSubmittedFiles } from '../submitted-files';

/** What is read of a submission before its checks begin, because a program of ours has to be started for it. */
export interface SourceReading {
  readonly needs: SourceNeeds;
  /** All Python files for checks that use `source`, those with settings of gunicorn for others. */
  readonly modules: readonly PythonModule[];
  /** Lines that the candidate wrote, by file; files without any are left out. */
  readonly changedLines: Readonly<Record<string, readonly LineRange[]>>;
  /** What hadolint says of the project's Dockerfiles. */
  readonly dockerLint: readonly Detection[];
  /** What `nginx -t` has against the project's configurations; nothing where there is no nginx. */
  readonly nginx: readonly NginxRefusal[];
}

/** What the checks of a pack use. */
export interface SourceNeeds {
  readonly source: boolean;
  readonly deployment: boolean;
}

/** All files together, in bytes of what is told of them: it travels to the judge process. */
const MAX_FACTS = 8 * 1024 * 1024;
/** Characters of all changed files that are compared with the starter; what lies beyond counts as new. */
const MAX_COMPARED = 2 * 1024 * 1024;
/** Of a file that is too long to be compared. */
const ALL_LINES: readonly LineRange[] = [[1, Number.MAX_SAFE_INTEGER]];
/** Dockerfiles that are linted, and configurations of nginx that are tested: more than anybody has. */
const MAX_FILES = 5;

/** By the names in the checks' code; a word that means something else only costs time. */
export function sourceNeedsOf(files: readonly Pick<CompiledCheckFile, 'code'>[]): SourceNeeds {
  const uses = (name: RegExp): boolean => files.some(({ code }) => name.test(code));
  return { source: uses(/\bsource\b/), deployment: uses(/\bdeployment\b/) };
}

/** Reads what the checks of a pack need; null, and no time, when they need nothing. Throws {@link InfrastructureFault}. */
export async function readSource(
  runtime: PythonRuntime,
  needs: SourceNeeds,
  submission: { readonly pack: TaskPack; readonly projectDir: string; readonly taken: TakenIn },
  signal: AbortSignal,
): Promise<SourceReading | null> {
  if (!needs.source && !needs.deployment) return null;
  const { pack, projectDir, taken } = submission;
  const paths = taken.files.map((file) => file.path);
  const files = createSubmittedFiles(projectDir, paths);
  const python = needs.source ? paths : paths.filter((file) => /gunicorn[^/]*\.py$/.test(file));
  try {
    const [modules, dockerLint, nginx] = await Promise.all([
      readPython(runtime.basePython, projectDir, python, signal, MAX_FACTS),
      needs.deployment ? lintImages(runtime, files, signal) : [],
      needs.deployment ? testProxies(runtime, files, signal) : [],
    ]);
    return { needs, modules, changedLines: changedLinesOf(pack, projectDir, taken.changed), dockerLint, nginx };
  } catch (error) {
    if (error instanceof ToolFailed) throw new InfrastructureFault('analysis-failed', error.message);
    throw error;
  }
}

async function lintImages(runtime: PythonRuntime, files: SubmittedFiles, signal: AbortSignal): Promise<Detection[]> {
  const tools = { hadolint: runtime.hadolint, python: runtime.basePython };
  const lint = dockerfilesOf(files)
    .slice(0, MAX_FILES)
    .map((file) => lintDockerfile(tools, file, files.read(file) ?? '', signal));
  return (await Promise.all(lint)).flat();
}

async function testProxies(runtime: PythonRuntime, files: SubmittedFiles, signal: AbortSignal): Promise<NginxRefusal[]> {
  const nginx = findNginx();
  if (nginx === null) return [];
  const tools = { nginx, python: runtime.basePython };
  const tests = nginxFilesOf(files)
    .slice(0, MAX_FILES)
    .map((file) => testNginx(tools, files, file, signal));
  return (await Promise.all(tests)).filter((refusal) => refusal !== null);
}

/** Whether the candidate wrote the line of a finding. Files are read when first asked about one. */
export function writtenLines(pack: TaskPack, projectDir: string, findings: readonly Finding[]): (finding: Finding) => boolean {
  let lines: Readonly<Record<string, readonly LineRange[]>> | null = null;
  return ({ file, line }) => {
    lines ??= changedLinesOf(pack, projectDir, [...new Set(findings.map((finding) => finding.file))].sort());
    return touches(lines[file] ?? [], line);
  };
}

function changedLinesOf(pack: TaskPack, projectDir: string, changed: readonly string[]): Record<string, readonly LineRange[]> {
  const starter = createSubmittedFiles(
    pack.starterFolder,
    pack.starterFiles.map((file) => file.path),
  );
  const submitted = createSubmittedFiles(projectDir, changed);
  const lines = new ChangedLines(starter);
  const found: Record<string, readonly LineRange[]> = {};
  let room = MAX_COMPARED;
  // Python first: data must not use up the room.
  for (const file of [...changed].sort((a, b) => Number(b.endsWith('.py')) - Number(a.endsWith('.py')))) {
    const text = room > 0 ? submitted.read(file) : null;
    room -= text?.length ?? 0;
    const ranges = text === null ? ALL_LINES : lines.of(file, text);
    if (ranges.length > 0) found[file] = ranges;
  }
  return found;
}
