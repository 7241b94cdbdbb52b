import { createHash } from 'node:crypto';
import { ReceivedFiles } from './received-lines';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function receive(...lines: string[]): ReceivedFiles {
  const received = new ReceivedFiles();
  for (const line of lines) received.push(line);
  return received;
}

describe('files that come out of a sandbox', () => {
  it('are hashed here, piece by piece', () => {
    const { files } = receive('file "a/b.css"', base64('one '), base64('two'), 'end', 'file "empty"', 'end');
    expect(files).toEqual([
      { path: 'a/b.css', bytes: 7, sha256: sha256('one two') },
      { path: 'empty', bytes: 0, sha256: sha256('') },
    ]);
  });

  it('do not count when they do not end, or have no proper name', () => {
    const { files, lines } = receive('file {"path": 1}', `file "${'x'.repeat(301)}"`, 'end', 'file "cut"', base64('one'));
    expect(files).toEqual([]);
    expect(lines).toHaveLength(3);
  });

  it('are bounded in number', () => {
    const received = new ReceivedFiles();
    for (let index = 0; index < 6_000; index += 1) {
      received.push(`file "f${index}"`);
      received.push('end');
    }
    expect(received.files).toHaveLength(5_000);
  });
});
