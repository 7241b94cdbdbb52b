import { rm } from 'node:fs/promises';
import os from 'node:os';
import { createGrader, type Grader } from '@assay/grader/grader';
import { makeWorkRoot } from '@assay/grader/work-root';
import { chooseDriver, type DriverName } from '@assay/sandbox/choose-driver';
import { prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { asksForAudit } from './audit-arguments';
import { auditCommand } from './audit-command';
import { UsageError } from './grade-arguments';
import { EXIT_CODES, gradeCommand, type Output } from './grade-command';

const output: Output = {
  result: (text) => process.stdout.write(text),
  progress: (line) => process.stderr.write(`${line}\n`),
};

/** Runs `grade` with the words after it; resolves to the process's exit code and never rejects. */
export async function main(words: readonly string[]): Promise<number> {
  const cancel = new AbortController();
  const onSignal = (): void => cancel.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    if (asksForAudit(words))
      return await auditCommand(words, { openPython, output, searchPath: process.env.PATH ?? '', signal: cancel.signal });
    return await gradeCommand(words, openGrader, output, cancel.signal);
  } catch (error) {
    const isUsage = error instanceof UsageError;
    output.progress(error instanceof Error ? error.message : String(error));
    return isUsage ? EXIT_CODES.usage : EXIT_CODES.infrastructure;
  } finally {
    process.removeListener('SIGINT', onSignal).removeListener('SIGTERM', onSignal);
  }
}

async function openGrader(only: DriverName | null): Promise<Grader> {
  const { progress: onProgress } = output;
  const runtime = await prepareRuntime({ home: assayHome(process.env, os.homedir()), onProgress });
  const workRoot = await makeWorkRoot();
  const removeFiles = (): Promise<void> => rm(workRoot, { recursive: true, force: true });
  try {
    const sandbox = await chooseDriver({ workRoot, runtime, ...(only && { only }) });
    const grader = createGrader({ sandbox, runtime, workRoot, onProgress });
    return { ...grader, close: () => grader.close().finally(removeFiles) };
  } catch (error) {
    await removeFiles();
    throw error;
  }
}

async function openPython(): Promise<string> {
  const home = assayHome(process.env, os.homedir());
  return (await prepareRuntime({ home, onProgress: output.progress })).basePython;
}
