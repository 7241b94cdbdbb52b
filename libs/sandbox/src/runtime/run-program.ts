import { execFile } from 'node:child_process';

/** Runs a program to its end, without a shell, and returns what it printed. Throws an error that quotes the end of its messages. */
export function runProgram(program: string, args: readonly string[], timeoutSeconds = 600): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutSeconds * 1000, maxBuffer: 16 * 1024 * 1024, killSignal: 'SIGKILL' as const };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const said = stderr.trim() || stdout.trim();
      reject(
        new Error(`${program} ${args.slice(0, 4).join(' ')} failed: ${said.slice(-2000) || error.message}`, { cause: error }),
      );
    });
  });
}
