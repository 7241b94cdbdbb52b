import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.mjs';

/** Null when this Node is in the range of package.json, else one line that says what to do. */
export function nodeVersionProblem(version = process.versions.node) {
  const range = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).engines.node;
  const isInRange = range.split(' ').every((bound) => {
    const [, sign, wanted] = /^(>=|<)(.+)$/.exec(bound);
    return sign === '<' ? compare(version, wanted) < 0 : compare(version, wanted) >= 0;
  });
  return isInRange
    ? null
    : `Assay needs Node ${range}; this is Node ${version}. Install Node 24 (https://nodejs.org) and try again.`;
}

function compare(one, other) {
  const [a, b] = [one, other].map((text) => text.split('.').map(Number));
  for (let i = 0; i < 3; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
