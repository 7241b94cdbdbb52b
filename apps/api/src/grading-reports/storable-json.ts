/**
 * JSON that PostgreSQL takes as `jsonb`, which holds neither NUL nor half a surrogate pair: both become U+FFFD. What a project answers
 * and prints is in reports, and must not keep its report from being stored.
 */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isPlainObject(part) ? withStorableKeys(part) : storable(part)));
}

function storable(part: unknown): unknown {
  return typeof part === 'string' ? part.replaceAll('\u0000', '\ufffd').replace(/\p{Cs}/gu, '\ufffd') : part;
}

function withStorableKeys(part: object): object {
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [storable(key), value]));
}

function isPlainObject(part: unknown): part is object {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}
