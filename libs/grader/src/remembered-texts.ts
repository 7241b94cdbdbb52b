/** Characters that are remembered of one connection, names included. */
const MAX_CHARACTERS = 1024 * 1024;

/** Texts by name, as many as fit; what does not fit is not known. */
export class RememberedTexts {
  private readonly texts = new Map<string, string>();
  private characters = 0;

  set(name: string, text: string): void {
    const before = this.texts.get(name);
    if (before !== undefined) this.characters -= name.length + before.length;
    this.texts.delete(name);
    if (this.characters + name.length + text.length > MAX_CHARACTERS) return;
    this.characters += name.length + text.length;
    this.texts.set(name, text);
  }

  /** Empty when it is not known. */
  get(name: string): string {
    return this.texts.get(name) ?? '';
  }
}
