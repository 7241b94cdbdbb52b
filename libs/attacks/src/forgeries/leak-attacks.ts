import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { GradingReport } from '@assay/contracts/grading-report';
import type { Attack } from '../attack';
import type { Stage } from '../stage';
import { courtOf, describeReport, grade } from './court';
import { isFree } from './graded-forgery';
import { leakToProject } from './naive-judge';

/** The project searches for a word that only the hidden checks hold, and answers with what it found. */
const search = (id: string, title: string): Attack => ({
  id,
  title,
  breach: 'An answer of the project holds a word that stands in nothing but the hidden checks.',
  layers: ['judge-process'],
  residual: null,
  runs: 'each',
  async attempt(stage, without) {
    const submission = { overlays: ['with-forge', 'with-search', id] };
    if (without.length > 0) return leakToProject(stage, submission);
    const report = await grade(stage, submission);
    if (answersOf(report).length === 0) throw new Error(`The project never answered: ${describeReport(report)}`);
    const word = await hiddenWord(stage);
    const isLeaked = answersOf(report).some((body) => body.includes(word));
    return {
      breached: isLeaked || isFree(report),
      seen: isLeaked ? `it answered ${answersOf(report)[0]}` : describeReport(report),
    };
  },
});

/** Bodies of all answers in a report. */
function answersOf(report: GradingReport): string[] {
  return report.checks.flatMap((check) => check.evidence.exchanges.map((exchange) => exchange.response?.body ?? ''));
}

export const leakAttacks: readonly Attack[] = [
  search('search-objects', 'Hidden checks looked for with gc and inspect'),
  search('search-memory', 'Hidden checks looked for in the memory of all processes'),
  search('search-environment', 'Hidden checks looked for in environments and arguments'),
  search('search-descriptors', 'Hidden checks looked for in open descriptors'),
  search('search-files', 'Hidden checks looked for in all files'),
];

/** The word, read from the checks, so that nobody looks for one that is no longer there. */
async function hiddenWord(stage: Stage): Promise<string> {
  const { pack } = await courtOf(stage);
  const text = await readFile(path.join(pack.hiddenChecksFolder, 'notes.ts'), 'utf8');
  const word = /codeword-[a-z]+-[a-z]+-[0-9a-f]{10}/.exec(text)?.[0];
  if (word === undefined) throw new Error('The hidden checks hold no codeword any more.');
  return word;
}
