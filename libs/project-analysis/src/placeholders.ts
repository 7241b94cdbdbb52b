/** Words that stand where a value is to be put in. */
const PLACEHOLDER =
  /change[-_ ]?(me|this|it)|replace|placeholder|example|sample|dummy|fake|your[-_ ]|my[-_]?(secret|password|key|token)|<[^>]*>|xxx|\.\.\.|\*\*\*|todo|fixme|insert|insecure|not[-_ ]?(a[-_ ])?(so[-_ ])?(real|secret)|redacted|foo|lorem|some[-_ ]|\btest|[-_]test|testing|dev[-_]?(key|secret|only)|development|local[-_]?(dev|only)|for[-_]?(ci|tests?)|only[-_]for|build[-_]?time|collectstatic|1234|abcd|qwerty|default/i;
/** What development containers are given: everybody knows them, nobody loses anything by them. */
const HOUSEHOLD = new Set(
  'postgres password passwd pass secret admin root user guest redis mysql django none null true false changeme test app db key token'.split(
    ' ',
  ),
);
/** A variable that something else fills in: shell, compose, CI, Jinja, Python. */
const REFERENCE = /^\$|\$\{|\$\(|\{\{|^%\(|%[sd]|^\{[\w.]*\}$|^env[.(]|os\.environ|getenv|^vault:|^op:\/\/|^arn:|^ssm:|^file:/i;

/** Whether a value stands where the real one is to be put in, or is filled in by something else. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  return (
    text === '' || REFERENCE.test(text) || HOUSEHOLD.has(text.toLowerCase()) || PLACEHOLDER.test(text) || new Set(text).size <= 3
  );
}

/** Bits for each character by how often the characters come in the text itself: 0 for `aaaa`, about 4 for 32 random hexadecimal digits. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const length = [...text].length;
  let bits = 0;
  for (const count of counts.values()) bits -= (count / length) * Math.log2(count / length);
  return bits;
}

/** A secret as evidence: at most its first four characters, never more than a quarter of it, and how long it is. */
export function masked(secret: string): string {
  const shown = secret.slice(0, Math.min(4, Math.floor(secret.length / 4)));
  return `${shown}*** (${secret.length} characters)`;
}
