/**
 * npm run attacks [-- --only ID] [--driver NAME] [--json] [--write]: tries every attack on every sandbox driver, guarded and without the
 * layer that stops it. --only and --driver may be repeated; --write puts the matrix of a full run into docs/SECURITY.md.
 * Progress goes to stderr; the last line of stdout is the result. Exit code 0 only when nothing breached and every attack is proven.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureInstalled, printProgress, runTool } from './bootstrap.mjs';
import { ROOT } from './setup/paths.mjs';

const require = createRequire(import.meta.url);

async function main() {
  // The servers of whoever runs this are not attacked.
  delete process.env.DATABASE_URL;
  delete process.env.REDIS_URL;
  const { runtime } = await ensureInstalled({ need: { sandbox: true, runtime: true } });
  const { parseCommand, runCommand, isPassed } = require('@assay/attacks/command');
  const options = parseCommand(process.argv.slice(2));
  const document = path.join(ROOT, 'docs', 'SECURITY.md');
  const stop = new AbortController();
  // What the attacks set up is cleared up before the end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop.abort(new Error('Stopped.')));
  const report = await runCommand(options, { runtime, document, onProgress: printProgress, signal: stop.signal });
  for (const error of report.errors) printProgress(`Could not be tried: ${error}`);
  const { cases, drivers, breaches, proven } = report;
  const text = `${cases} attacks on ${drivers.join(' and ')}: ${breaches} breaches, ${proven} proven`;
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${text}\n`);
  return isPassed(report) ? 0 : 1;
}

runTool(main);
