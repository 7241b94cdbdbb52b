import { readCsv } from '../fixtures/read-exports';
import { sampleEstimate } from '../fixtures/sample-estimates';
import { estimateFileName, exportEstimate } from './export-estimate';

describe('an exported estimate', () => {
  it('is a file of either format', async () => {
    const estimate = sampleEstimate();
    const csv = Buffer.from(await exportEstimate(estimate, 'csv')).toString('utf8');
    expect(readCsv(csv).length).toBeGreaterThan(300);
    expect(Buffer.from(await exportEstimate(estimate, 'pdf')).subarray(0, 5)).toEqual(Buffer.from('%PDF-'));
  });

  it.each([
    ['Checkout rebuild', 'Checkout rebuild, cost estimate 2026-11-23.pdf'],
    ['../../etc/passwd\r\nX: y', 'etc passwd X y, cost estimate 2026-11-23.pdf'],
    ['Größe "漢字" 🙂', 'Größe 漢字 🙂, cost estimate 2026-11-23.pdf'],
    ['?', 'Cost estimate 2026-11-23.pdf'],
    ['W'.repeat(200), `${'W'.repeat(80)}, cost estimate 2026-11-23.pdf`],
  ])('is named after %j', (name, fileName) => {
    expect(estimateFileName({ ...sampleEstimate(), name }, 'pdf')).toBe(fileName);
  });
});
