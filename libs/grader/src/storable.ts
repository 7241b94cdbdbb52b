/**
 * The same value with all its texts such that every database can store them as JSON: no NUL and no half of a surrogate pair, which a
 * project may send or a cut may leave.
 */
export function storable<Value>(value: Value): Value {
  return walk(value) as Value;
}

function walk(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [walk(key), walk(item)]));
}
