import { BoundedLog } from './bounded-log';

function logOf(limit: number, ...chunks: string[]): BoundedLog {
  const log = new BoundedLog(limit);
  for (const chunk of chunks) log.push(Buffer.from(chunk));
  return log;
}

test('keeps all of what fits', () => {
  expect(logOf(100, 'one ', 'two ', 'three').text()).toBe('one two three');
  expect(logOf(8, '12', '345678').text()).toBe('12345678');
});

test('keeps beginning and end, however the stream is cut', () => {
  const stream = `${'a'.repeat(10)}${'b'.repeat(1000)}${'c'.repeat(30)}`;
  const expected = `${'a'.repeat(10)}\n... 1000 bytes left out ...\n${'c'.repeat(30)}`;
  for (const size of [1, 3, 7, 64, 2000]) {
    const log = new BoundedLog(40);
    for (let at = 0; at < stream.length; at += size) log.push(Buffer.from(stream.slice(at, at + size)));
    expect(log.text()).toBe(expected);
    expect(log.totalBytes).toBe(1040);
  }
});

test('drops control characters, which no database stores', () => {
  expect(logOf(100, 'a\0b\x1b[31mc\td\n').text()).toBe('ab[31mc\td\n');
});
