import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DOLLAR } from '@assay/cost-model/currency';
import { DEFAULT_ASSUMPTIONS } from '@assay/cost-model/default-assumptions';
import { formatEstimate } from '@assay/cost-model/format-estimate';
import { parseHiringNeed } from '@assay/cost-model/hiring-need';
import { reportEstimate } from '@assay/cost-model/report-estimate';

const README = readFileSync(join(resolve(__dirname, '..'), 'README.md'), 'utf8');

/** The need that the walk-through sends, in words of the README itself. */
function requestedNeed(): unknown {
  const body = /assay\/estimates".*? -d '(\{.*?\})' \|/is.exec(README)?.[1] ?? '';
  return (JSON.parse(body) as { need: unknown }).need;
}

it('the README shows the estimate that its own request gives', () => {
  const shown = /<!-- estimate -->\n```text\n(.*?)\n```/s.exec(README)?.[1] ?? 'no estimate';
  const report = reportEstimate({
    ...parseHiringNeed(requestedNeed(), DEFAULT_ASSUMPTIONS),
    ...{ assumptions: DEFAULT_ASSUMPTIONS, exchangeRate: DOLLAR, simulation: { draws: 100_000, seed: 1 } },
  });
  expect(formatEstimate(report)).toContain(shown);
  const { implied } = report.claims.find(({ id }) => id === 'C7') ?? { implied: [] };
  for (const { value } of implied) expect(README).toContain(`${(value * 100).toFixed(1)}%`);
  expect(README).toContain(`${report.assumptions.length} assumptions of the model's ${DEFAULT_ASSUMPTIONS.length}`);
});
