import { boundValues, parameterTypes } from './bound-parameters';

const int16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt16BE(value, 2 * index);
  return bytes;
};
const value = (bytes: Buffer | null): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes?.length ?? -1);
  return Buffer.concat([length, bytes ?? Buffer.alloc(0)]);
};

describe('parameters that a client bound', () => {
  it('are text, binary or null, as each is sent', () => {
    const message = Buffer.concat([
      Buffer.from('portal\0statement\0'),
      int16(3, 0, 1, 0),
      int16(3),
      value(Buffer.from('dörte')),
      value(Buffer.from([0, 0, 0, 7])),
      value(null),
    ]);
    expect(boundValues(message, 17)).toEqual(['dörte', Buffer.from([0, 0, 0, 7]), null]);
  });

  it('have one format when one is given for all, and are text when none is', () => {
    expect(boundValues(Buffer.concat([int16(1, 1), int16(2), value(Buffer.from('a')), value(Buffer.from('b'))]), 0)).toEqual([
      Buffer.from('a'),
      Buffer.from('b'),
    ]);
    expect(boundValues(Buffer.concat([int16(0), int16(1), value(Buffer.from('a'))]), 0)).toEqual(['a']);
    expect(boundValues(Buffer.concat([int16(0), int16(0)]), 0)).toEqual([]);
  });

  it('are not known when the message was cut, whatever it claims', () => {
    expect(boundValues(Buffer.alloc(0), 0)).toBeNull();
    expect(boundValues(Buffer.concat([int16(0), int16(2), value(Buffer.from('a'))]), 0)).toBeNull();
    expect(boundValues(Buffer.concat([int16(0), int16(32_767)]), 0)).toBeNull();
    const long = Buffer.concat([int16(0), int16(1), Buffer.from([0x7f, 0xff, 0xff, 0xff])]);
    expect(boundValues(long, 0)).toBeNull();
  });

  it('have the types that were named', () => {
    expect(parameterTypes(Buffer.from([0, 2, 0, 0, 0, 20, 0, 0, 0, 0]), 0)).toEqual([20, 0]);
    expect(parameterTypes(Buffer.from([0, 9, 0, 0]), 0)).toEqual([]);
    expect(parameterTypes(Buffer.alloc(0), 0)).toEqual([]);
  });
});
