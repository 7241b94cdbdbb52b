import { PRACTICE_LIMITS } from '@assay/contracts/practice-report';
import { PracticeLines } from './practice-lines';
import { shownText } from './shown-text';

const line = (check: string, more: object = {}) => JSON.stringify({ check, outcome: 'passed', ms: 3.4, message: '', ...more });

describe('the lines of a practice run', () => {
  test('tell of checks, how many there are, and the end', () => {
    const lines = new PracticeLines();
    expect([lines.total, lines.done, lines.isOver]).toEqual([null, 0, false]);
    for (const told of ['{"collected":2}', line('a'), line('b', { outcome: 'failed', message: 'why' }), '{"over":1}'])
      expect(lines.take(told)).toBe(true);
    expect(lines.checks).toEqual([
      { id: 'a', outcome: 'passed', durationMs: 3, message: '' },
      { id: 'b', outcome: 'failed', durationMs: 3, message: 'why' },
    ]);
    expect([lines.total, lines.done, lines.isOver]).toEqual([2, 2, true]);
  });

  test.each([
    '',
    'no JSON',
    '[]',
    '{}',
    '{"check":""}',
    line('a', { outcome: 'great' }),
    line('a', { ms: -1 }),
    '{"collected":-1}',
    'null',
  ])('are passed over when they are none of ours: %s', (told) => {
    const lines = new PracticeLines();
    expect(lines.take(told)).toBe(false);
    expect(lines.checks).toEqual([]);
  });

  test('are bounded: checks, lengths, and what a progress holds', () => {
    const lines = new PracticeLines();
    for (let count = 0; count < PRACTICE_LIMITS.checks + 50; count += 1)
      lines.take(line(`${'x'.repeat(500)} ${count}`, { ms: 1e300, message: 'm'.repeat(5_000) }));
    lines.take(line('the same twice'));
    expect(lines.checks).toHaveLength(PRACTICE_LIMITS.checks);
    expect(lines.unlisted).toBeGreaterThan(0);
    expect(JSON.stringify(lines.steps).length).toBeLessThan(9_000);
    for (const { id, message } of lines.checks) {
      expect(id.length).toBeLessThanOrEqual(PRACTICE_LIMITS.id);
      expect(message.length).toBeLessThanOrEqual(PRACTICE_LIMITS.message);
    }
  });

  test('that say a check again replace what it was, and count it once', () => {
    const lines = new PracticeLines();
    lines.take(line('a'));
    lines.take(line('a', { outcome: 'errored' }));
    expect([lines.done, lines.checks[0]?.outcome]).toEqual([1, 'errored']);
  });
});

test('what a project says is shown without control characters, half characters and turned directions, its end where it is too long', () => {
  expect(shownText('\u001b[31mred\u001b[0m\u0000\u0007 \ttab\n', 100)).toBe('red \ttab\n');
  expect(shownText('a\u202eb\u2066c\ud83d', 100)).toBe('abc\ufffd');
  expect(shownText('0123456789', 8)).toBe('...56789');
  expect(shownText(`${'x'.repeat(10)}\ud83d\ude00`, 4)).toBe('...\ufffd');
});
