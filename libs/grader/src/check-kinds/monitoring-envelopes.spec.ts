import { readEvents } from './monitoring-envelopes';
import { readableForms, valuesIn } from './monitoring-leaks';

const PATH = '/api/1/envelope/';
const EVENT = {
  release: 'till@1',
  level: 'error',
  exception: {
    values: [
      { type: 'KeyError', value: "'a'" },
      { type: 'ValueError', value: 'b' },
    ],
  },
};

/** @param items header and payload each */
function envelope(...items: (readonly [object, string])[]): Buffer {
  const lines = items.flatMap(([header, payload]) => [JSON.stringify(header), payload]);
  return Buffer.from([JSON.stringify({ event_id: 'e' }), ...lines, ''].join('\n'));
}

describe('an envelope', () => {
  it('is read item by item, with a length or up to the end of a line', () => {
    const text = JSON.stringify(EVENT);
    const other = '{"a":\n1}';
    const body = envelope(
      [{ type: 'attachment', length: other.length }, other],
      [{ type: 'event' }, text],
      [{ type: 'session' }, '{}'],
    );
    expect(readEvents(PATH, body)).toEqual([
      {
        exceptions: [
          { type: 'KeyError', message: "'a'" },
          { type: 'ValueError', message: 'b' },
        ],
        message: null,
        level: 'error',
        release: 'till@1',
        environment: null,
        data: EVENT,
      },
    ]);
  });

  it('may be an event alone, as older clients send it', () => {
    const body = Buffer.from(JSON.stringify({ logentry: { message: 'slow' }, environment: 'production' }));
    expect(readEvents('/api/1/store/', body)).toMatchObject([{ message: 'slow', environment: 'production', exceptions: [] }]);
  });

  it.each([
    ['no JSON', Buffer.from('hello')],
    ['no object', Buffer.from('[1]\n')],
    ['a length that lies', envelope([{ type: 'event', length: 9_999 }, '{}'])],
    ['a negative length', envelope([{ type: 'event', length: -1 }, '{}'])],
    ['an event that is no object', envelope([{ type: 'event' }, '7'])],
    ['an event nested without end', envelope([{ type: 'event' }, '['.repeat(100_000)])],
  ])('with %s is refused', (_what, body) => {
    expect(() => readEvents(PATH, body)).toThrow();
  });

  it('may hold nonsense in every place', () => {
    const nonsense = {
      exception: { values: [null, 7, { type: 7, value: [] }] },
      message: { message: 'm' },
      release: 7,
      level: null,
    };
    expect(readEvents(PATH, envelope([{ type: 'event' }, JSON.stringify(nonsense)]))).toMatchObject([
      { exceptions: [{ type: '' }, { type: '' }, { type: '', message: '' }], message: 'm', release: null, level: null },
    ]);
  });
});

describe('hidden values', () => {
  const MAIL = 'hedda.quist+a@mail.example';

  it.each([
    ['plain', `to ${MAIL}.`],
    ['in another case', MAIL.toUpperCase()],
    ['percent-encoded', `?mail=${encodeURIComponent(MAIL)}`],
    ['escaped in JSON', `"${MAIL.replace('@', '\\u0040')}"`],
    ['in base64', Buffer.from(`${MAIL}!`).toString('base64')],
    ['in base64 after a character', Buffer.from(`x${MAIL}!`).toString('base64')],
    ['in base64 after two', Buffer.from(`xx${MAIL}!`).toString('base64')],
    ['in base64 for addresses', Buffer.from(`??>${MAIL}`).toString('base64url')],
  ])('are found %s', (_how, text) => {
    expect(valuesIn(readableForms(text), [MAIL, 'other-value'])).toEqual([MAIL]);
  });

  it('are not found where they are not', () => {
    expect(valuesIn('hedda at mail.example', [MAIL, 'x1'])).toEqual([]);
  });
});
