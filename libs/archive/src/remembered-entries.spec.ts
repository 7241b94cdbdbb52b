import type { ArchiveEntry, EntrySource } from './archive-entry';
import { rememberEntries } from './remembered-entries';

const TEXTS = ['first', 'second', ''];

/** A source that counts how often it is read. */
function counted(): { source: EntrySource; reads: () => number } {
  let reads = 0;
  async function* source(): AsyncGenerator<ArchiveEntry> {
    reads += 1;
    for (const [index, text] of TEXTS.entries()) {
      yield {
        name: `${index}.txt`,
        kind: 'file',
        bytes: text.length,
        async *content() {
          for (const letter of text) yield Buffer.from(letter);
        },
      };
    }
  }
  return { source, reads: () => reads };
}

async function readAll(source: EntrySource): Promise<string[]> {
  const texts: string[] = [];
  for await (const entry of source()) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry.content()) chunks.push(chunk);
    texts.push(`${entry.name} ${Buffer.concat(chunks).toString()}`);
  }
  return texts;
}

describe('entries that are remembered', () => {
  it.each([
    [11, 1],
    [10, 3],
  ])('with room for %d bytes are read %d times in three', async (room, times) => {
    const { source, reads } = counted();
    const entries = rememberEntries(source, room);
    const expected = TEXTS.map((text, index) => `${index}.txt ${text}`);
    for (let round = 0; round < 3; round += 1) expect(await readAll(entries)).toEqual(expected);
    expect(reads()).toBe(times);
  });

  it('are read again when the first reading was broken off', async () => {
    const { source, reads } = counted();
    const entries = rememberEntries(source, 100);
    for await (const entry of entries()) {
      expect(entry.name).toBe('0.txt');
      break;
    }
    expect(await readAll(entries)).toHaveLength(3);
    expect(reads()).toBe(2);
  });

  it('have no content that was passed over the first time', async () => {
    const { source } = counted();
    const entries = rememberEntries(source, 100);
    for await (const _entry of entries());
    await expect(readAll(entries)).rejects.toThrow('was not read the first time');
  });
});
