import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { npmProgram, ROOT } from './paths.mjs';
import { mustRun } from './run.mjs';

const STAMP = path.join(ROOT, '.assay', 'build.sha256');

/** Whether every project's dist was built from the sources as they are. */
export function isBuilt() {
  if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== sourcesHash()) return false;
  return projects().every((project) => existsSync(path.join(ROOT, project, 'dist')));
}

/** Builds all projects unless nothing has changed since the last build. */
export async function ensureBuilt(onProgress) {
  if (isBuilt()) return;
  await withLock('build', onProgress, async () => {
    if (isBuilt()) return;
    onProgress('Building');
    // Taken before the build: what changes meanwhile is built again next time.
    const hash = sourcesHash();
    const nx = npmProgram('nx/dist/bin/nx.js');
    await mustRun(process.execPath, [nx, 'run-many', '-t', 'build', '--output-style=static'], { cwd: ROOT });
    mkdirSync(path.dirname(STAMP), { recursive: true });
    writeFileSync(STAMP, hash);
  });
}

/** Projects that have something to build. */
function projects() {
  const inside = ['apps', 'libs'].flatMap((group) => readdirSync(path.join(ROOT, group)).map((name) => path.join(group, name)));
  return [...inside, 'migrations'].filter((project) => sources(project).length > 0);
}

function sources(project) {
  const folder = path.join(ROOT, project, existsSync(path.join(ROOT, project, 'src')) ? 'src' : '');
  if (!existsSync(path.join(ROOT, project, 'package.json'))) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !/(^|\/)(dist|node_modules)\//.test(name))
    .map((name) => path.join(folder, name))
    .sort();
}

function sourcesHash() {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  for (const file of ['.swcrc', 'nx.json', 'package-lock.json']) hash.update(readFileSync(path.join(ROOT, file)));
  for (const project of projects()) {
    hash.update(readFileSync(path.join(ROOT, project, 'package.json')));
    for (const file of sources(project)) hash.update(`${path.relative(ROOT, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}
