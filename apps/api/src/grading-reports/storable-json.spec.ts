import { storableJson } from './storable-json';

describe('storableJson', () => {
  it('replaces what jsonb does not hold, in texts and names, however deep', () => {
    const cut = '🦊'.slice(0, 1);
    const value = { log: `a\0b${cut}`, checks: [{ [`k\0${cut}`]: { body: [`${cut}x`, null, 1.5, true] } }] };
    expect(JSON.parse(storableJson(value))).toEqual({
      log: 'a\ufffdb\ufffd',
      checks: [{ 'k\ufffd\ufffd': { body: ['\ufffdx', null, 1.5, true] } }],
    });
  });

  it('leaves everything else as it is', () => {
    const value = { text: 'ł 李 🦊 \u0001 \\u0000 "', list: [], nothing: null, none: {} };
    expect(storableJson(value)).toBe(JSON.stringify(value));
  });
});
