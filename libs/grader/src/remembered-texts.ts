/** Characters that are remembered of one connection, names included. */
const MAX_CHARACTERS = 256 * 1024;
/** What an entry takes besides, counted in characters: names of three letters must not fill the judge's memory either. */
const ENTRY_CHARACTERS = 64;

/** Texts by name, as many as fit; what does not fit is not known. */
export class RememberedTexts {
  private readonly texts = new Map<string, string>();
  private characters = 0;

  set(name: string, text: string): void {
    const before = this.texts.get(name);
    if (before !== undefined) this.characters -= costOf(name, before);
    this.texts.delete(name);
    const cost = costOf(name, text);
    if (this.characters + cost > MAX_CHARACTERS) return;
    this.characters += cost;
    this.texts.set(name, text);
  }

  /** Empty when it is not known. */
  get(name: string): string {
    return this.texts.get(name) ?? '';
  }
}

function costOf(name: string, text: string): number {
  return ENTRY_CHARACTERS + name.length + text.length;
}
