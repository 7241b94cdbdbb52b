/** Sets up whatever is missing on this machine, so that one command works right after a clone. Every step may be interrupted and repeated. */
import { createRequire } from 'node:module';
import { ensureBuilt } from './setup/build.mjs';
import { nodeVersionProblem } from './setup/node-version.mjs';
import { ensurePackages } from './setup/npm-packages.mjs';
import { assayHome } from './setup/paths.mjs';
import { tryToInstallRedis } from './setup/redis.mjs';

const require = createRequire(import.meta.url);

/** Prints a step's line to stderr, so that stdout holds results only. */
export const printProgress = (line) => process.stderr.write(`${line}\n`);

/**
 * @param need what the caller will use: `sandbox` (the sandbox program), `runtime` (the Python that grades), `redis` (optional: without
 *   it the queue lives in PostgreSQL). npm packages and the build always.
 * @returns `{ runtime }`, the Python runtime when asked for
 * @throws Error whose message is for the user, with the command to run
 */
export async function ensureInstalled({ onProgress = printProgress, need = {} } = {}) {
  const problem = nodeVersionProblem();
  if (problem) throw new Error(problem);
  await ensurePackages(onProgress);
  await ensureBuilt(onProgress);
  if (need.sandbox) await require('@assay/sandbox/install').ensureSandboxProgram({ onProgress });
  const runtime = need.runtime ? await ensureRuntime(onProgress) : null;
  if (need.redis) await tryToInstallRedis(onProgress);
  return { runtime };
}

async function ensureRuntime(onProgress) {
  await require('@assay/sandbox/install').ensurePython({ onProgress });
  return require('@assay/sandbox/runtime').prepareRuntime({ home: assayHome(), onProgress });
}

/** Runs a tool's main function: its failure is one readable message and a non-zero exit, and so is an end before it was done. */
export function runTool(main) {
  process.on('exit', () => {
    process.stderr.write('\nThe program ended before its work was done. This is a defect: please report it.\n');
    process.exitCode = 1;
  });
  const end = (code) => {
    process.removeAllListeners('exit');
    process.exit(code);
  };
  main().then(
    (code) => end(code ?? 0),
    (error) => {
      process.stderr.write(`\n${process.env.ASSAY_DEBUG ? error.stack : error.message}\n`);
      end(1);
    },
  );
}
