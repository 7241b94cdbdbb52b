/** Breaks a text into lines of at most `width`: indented, and two columns more from the second line on. A longer word is cut. */
export function wrapItem(text: string, width: number, indent = '  '): string[] {
  const lines: string[] = [];
  let line = indent;
  let isEmpty = true;
  const longest = width - indent.length - 2;
  for (const word of text.split(/\s+/).flatMap((each) => cut(each, longest))) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}  `;
      isEmpty = true;
    }
    line = isEmpty ? `${line}${word}` : `${line} ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** At most `width` columns, the end left out when there are more. */
export function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}

function cut(word: string, longest: number): string[] {
  const parts: string[] = [];
  for (let from = 0; from === 0 || from < word.length; from += longest) parts.push(word.slice(from, from + longest));
  return parts;
}
