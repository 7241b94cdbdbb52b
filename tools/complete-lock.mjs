/**
 * Completes package-lock.json after `npm install`.
 *
 * npm leaves out optional packages of other platforms when the registry does not serve them, and `npm ci` then refuses the
 * lockfile that `npm install` just wrote. This adds the missing entries (name, version, os, cpu; never downloaded here).
 * Usage: node tools/complete-lock.mjs [package-lock.json]
 */
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = lock.packages;

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'win32', 'openbsd', 'netbsd', 'sunos', 'aix', 'openharmony'];
const PROCESSORS = ['arm64', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32', 'arm'];

function isInstalled(from, dependency) {
  for (let base = from; ; ) {
    if (packages[`${base ? `${base}/` : ''}node_modules/${dependency}`]) return true;
    if (!base) return false;
    const parent = base.lastIndexOf('node_modules/');
    base = parent <= 0 ? '' : base.slice(0, parent - 1);
  }
}

let added = 0;
for (const [from, entry] of Object.entries({ ...packages })) {
  for (const [dependency, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isInstalled(from, dependency)) continue;
    const words = dependency.split('/').pop().split(/[-.]/);
    const os = words.find((word) => SYSTEMS.includes(word));
    const cpu = PROCESSORS.find((name) => words.some((word) => word === name || (name === 'arm' && word.startsWith('arm'))));
    packages[`node_modules/${dependency}`] = {
      version: range.replace(/^[\^~>=<\s]*/, ''),
      ...(cpu && { cpu: [cpu] }),
      ...(entry.dev && { dev: true }),
      optional: true,
      ...(os && { os: [os] }),
    };
    added += 1;
  }
}

lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${file}: added ${added} entries for other platforms\n`);
