/**
 * npm run grade -- <pack> <folder | archive | solution of the pack> [--json]: grades one submission without the platform.
 *   --against REPORT: tells what differs from an earlier `--json`; exit code 1 when the result does (docs/REGRADING.md).
 * npm run grade -- <pack> --verify: grades the pack's own solutions and compares with what they say of themselves.
 * npm run grade -- --audit <folder | git repository> [--json | --sarif]: what the files of any Django project tell; runs nothing of it.
 * Exit code: 0 graded, 2 ungradable, 3 infrastructure, 64 wrong usage; --verify: 0 as expected, 1 not.
 */
import { createRequire } from 'node:module';
import { ensureInstalled, printProgress } from './bootstrap.mjs';

const require = createRequire(import.meta.url);
const INFRASTRUCTURE = 3;

async function main() {
  try {
    await ensureInstalled({ need: { sandbox: !process.argv.includes('--audit'), runtime: true } });
  } catch (error) {
    printProgress(error.message);
    return INFRASTRUCTURE;
  }
  // npm runs scripts in the repository; paths are meant from where the command was typed.
  if (process.env.npm_lifecycle_event && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
  return require('@assay/cli/main').main(process.argv.slice(2));
}

process.exitCode = await main();
