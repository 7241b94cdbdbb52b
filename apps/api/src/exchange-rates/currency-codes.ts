/** Codes of ISO 4217 that are nobody's money: metals, units of account, tests, "no currency". */
const NO_MONEY = new Set('XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' '));

const KNOWN: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency').filter((code) => !NO_MONEY.has(code)));

/** Whether the text is the code of a currency by ISO 4217, as this version of Node knows it: those in use and some that lately were. */
export function isCurrencyCode(text: string): boolean {
  return KNOWN.has(text);
}
