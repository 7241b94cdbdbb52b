import type { ArchiveEntry, EntrySource } from './archive-entry';

/**
 * A source that is read once: its entries come from memory the second time, as they were the first time. When the files together have
 * more than `maxBytes`, or were not all read, the source is read again.
 */
export function rememberEntries(source: EntrySource, maxBytes: number): EntrySource {
  let remembered: readonly ArchiveEntry[] | null = null;
  return () => {
    if (remembered !== null) return fromMemory(remembered);
    return remember(source, maxBytes, (entries) => {
      remembered = entries;
    });
  };
}

/** @param keep gets all entries once the source was read to its end, unless they are too large */
async function* remember(
  source: EntrySource,
  maxBytes: number,
  keep: (entries: readonly ArchiveEntry[]) => void,
): AsyncGenerator<ArchiveEntry> {
  const entries: ArchiveEntry[] = [];
  let bytes = 0;
  for await (const entry of source()) {
    const chunks: Buffer[] = [];
    let isComplete = false;
    yield {
      ...entry,
      async *content() {
        for await (const chunk of entry.content()) {
          bytes += chunk.length;
          if (bytes <= maxBytes) chunks.push(chunk);
          yield chunk;
        }
        isComplete = true;
      },
    };
    entries.push({
      ...entry,
      content() {
        if (!isComplete) throw new Error(`"${entry.name}" was not read the first time`);
        return fromMemory(chunks);
      },
    });
  }
  if (bytes <= maxBytes) keep(entries);
}

async function* fromMemory<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
