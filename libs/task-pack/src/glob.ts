/** A test for one glob pattern on `/` paths: `*` and `?` stay inside a segment, `**` spans any number of segments. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    return token === '?' ? '[^/]' : `\\${token}`;
  });
  const expression = new RegExp(`^${source}$`);
  return (path) => expression.test(path);
}

/** Whether any of the patterns matches the path. */
export function matchesAny(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => globMatcher(pattern)(path));
}
