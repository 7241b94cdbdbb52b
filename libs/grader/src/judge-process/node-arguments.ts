import { realpathSync } from 'node:fs';
import path from 'node:path';

/** Heap of a judge process; what checks hold is small. */
const MAX_HEAP_MIB = 256;

/** Node's own limits for a judge process: no file but these, no process, no thread, no native code, no code made from text. */
export function nodeArguments(entry: string, readable: readonly string[]): string[] {
  const code = path.dirname(path.dirname(entry));
  const packages = path.dirname(path.dirname(require.resolve('pg/package.json')));
  // A link in the packages; what it leads to has to be readable too.
  const detectors = realpathSync(path.join(packages, '@assay', 'project-analysis'));
  return [
    `--max-old-space-size=${MAX_HEAP_MIB}`,
    '--disallow-code-generation-from-strings',
    '--no-warnings',
    permissionFlag(),
    ...[code, packages, detectors].map((folder) => `--allow-fs-read=${folder}${path.sep}`),
    ...readable.map((place) => `--allow-fs-read=${place}`),
  ];
}

/** It was called experimental until 22.13. */
function permissionFlag(): string {
  return process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
}
