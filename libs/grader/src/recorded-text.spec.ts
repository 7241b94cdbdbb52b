import { recordedBody, withoutVolatileParts } from './recorded-text';
import { normaliseStatement } from './statement-text';

const NOW = new Date('2026-11-22T12:00:00Z');

describe('recorded text', () => {
  it.each([
    ['{"created": "2026-11-22T11:59:58.123456Z"}', '{"created": "<timestamp>"}'],
    ['{"created": "2026-11-22 11:59:58+00:00"}', '{"created": "<timestamp>"}'],
    ['{"id": "018f6c1e-7d5a-7c3e-9f3a-0123456789ab"}', '{"id": "<uuid>"}'],
    ['{"access": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxfQ.abc-DEF_123"}', '{"access": "<token>"}'],
    ['{"key": "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b"}', '{"key": "<token>"}'],
    ['<Book object at 0x7f3c5c0a9d90>', '<Book object at <address>>'],
    ['{"exp": 1795348800}', '{"exp": <timestamp>}'],
    ['{"day": "2026-11-22"}', '{"day": "<date>"}'],
    ['Request was throttled. Expected available in 1 second.', 'Request was throttled. Expected available in <seconds>.'],
  ])('replaces what varies in %s', (text, expected) => {
    expect(withoutVolatileParts(text, NOW)).toBe(expected);
  });

  it.each([
    '{"published": "1969-07-20"}',
    '{"isbn": "9780140449136"}',
    '{"count": 1234567890}',
    '{"slug": "a-long-but-ordinary-slug-of-a-book-about-trees"}',
  ])('keeps %s, which is data', (text) => {
    expect(withoutVolatileParts(text, NOW)).toBe(text);
  });

  it('is done with a body that is nothing but beginnings of tokens, which once took hours', () => {
    const body = 'eyJ-'.repeat(250_000);
    expect(withoutVolatileParts(body, NOW)).toHaveLength(body.length);
  });

  it('cuts long bodies after replacing, so that the cut does not move', () => {
    const body = (token: string) => `${token} ${'x '.repeat(4_000)}`;
    expect(recordedBody(body(`${'a1'.repeat(20)}`), NOW)).toEqual(recordedBody(body(`${'b2'.repeat(30)}`), NOW));
    expect(recordedBody(body('a'), NOW).truncated).toBe(true);
  });
});

describe('statement text', () => {
  it.each([
    [
      "SELECT * FROM book WHERE title = 'It''s' AND price > 12.50 LIMIT 21",
      'SELECT * FROM book WHERE title = ? AND price > ? LIMIT ?',
    ],
    [
      'SELECT "book"."id2" FROM "book" WHERE "book"."id" IN (1, 2, 3)',
      'SELECT "book"."id2" FROM "book" WHERE "book"."id" IN (?, ...)',
    ],
    ["INSERT INTO b (x) VALUES (E'a\\'b', -1), ($tag$ any 'thing' $tag$, $1)", 'INSERT INTO b (x) VALUES (?, ...), ...'],
    ["SELECT 1 -- comment 'x\n  + 2 /* more */", 'SELECT ? + ?'],
  ])('%s', (sql, expected) => {
    expect(normaliseStatement(sql)).toBe(expected);
  });

  it('is bounded', () => {
    expect(normaliseStatement(`SELECT ${'abc, '.repeat(1_000)}`).length).toBeLessThan(1_100);
  });
});
