import { readCsv } from '../fixtures/read-exports';
import { sampleEstimate } from '../fixtures/sample-estimates';
import { estimateCsv } from './csv/estimate-csv';
import { claimNotesOf } from './notes';

it('names the unit of what the model implies once', () => {
  expect(claimNotesOf(sampleEstimate().report).join(' ')).toContain('months until a partner starts: 0.5.');
});

it('says that "never" is of the point estimates, for shares of draws beside it may say otherwise', () => {
  const notes = readCsv(estimateCsv(sampleEstimate())).filter(({ section, value }) => section === 'break_even' && value === '');
  expect(notes.length).toBeGreaterThan(0);
  for (const { note } of notes) expect(note).toMatch(/^never: by the point estimates, .* is always cheaper$/);
});
