import { createExpectations, ExpectationFailed } from './expectations';
import { parseAnswer } from './parse-answer';

describe('an answer as JSON', () => {
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it('is parsed, brackets in strings are no levels', () => {
    expect(parseAnswer(JSON.stringify({ text: `\\"${'[{'.repeat(500)}` }), 'GET /')).toEqual({ text: `\\"${'[{'.repeat(500)}` });
    expect(parseAnswer(`[${'[],'.repeat(1_000)}[]]`, 'GET /')).toHaveLength(1_001);
  });

  it.each([nested(201), nested(400_000), '{"a":'.repeat(100_000), 'x', '', '[1,]', 'NaN'])(
    'fails the check and nothing else when it is none (%#)',
    (text) => {
      expect(() => parseAnswer(text, 'GET /')).toThrow(ExpectationFailed);
    },
  );

  it.each(['{"email":{"toString":1}}', '[{"\\u0074oString":null,"valueOf":null}]'])(
    'fails the check where it would crash whoever makes a text of it: %s',
    (text) => expect(() => String(Object.values(parseAnswer(text, 'GET /') as object)[0])).toThrow(ExpectationFailed),
  );

  it('may hold such names as texts', () => {
    expect(parseAnswer('{"name":"toString","more":"\\u0074oString"}', 'GET /')).toEqual({ name: 'toString', more: 'toString' });
  });

  it('can be quoted in a message however deep a value is', () => {
    const deep: unknown = JSON.parse(nested(100_000));
    expect(() => createExpectations(() => undefined).same(deep, [], 'a list')).toThrow(ExpectationFailed);
  });
});
