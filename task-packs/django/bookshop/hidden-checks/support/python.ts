/** Longest Python file that is looked into, in characters: texts of a submission must not keep the judge busy. */
const MAX_TEXT = 65_536;

/** Python without comments and without texts in triple quotes; of a long text only the beginning. */
export function codeOf(text: string): string {
  const python = text.slice(0, MAX_TEXT);
  let code = '';
  for (let at = 0; at < python.length; ) {
    const sign = python.charAt(at);
    let end = at + 1;
    if (sign === '#') {
      end = python.indexOf('\n', at);
    } else if (python.startsWith('"""', at) || python.startsWith("'''", at)) {
      end = python.indexOf(sign.repeat(3), at + 3);
      if (end >= 0) end += 3;
    } else {
      if (sign === '"' || sign === "'") {
        while (end < python.length && python.charAt(end) !== sign && python.charAt(end) !== '\n') {
          end += python.charAt(end) === '\\' ? 2 : 1;
        }
        end += 1;
      }
      code += python.slice(at, end);
    }
    at = end < 0 ? python.length : end;
  }
  return code;
}
