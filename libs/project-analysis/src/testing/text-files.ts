import type { ProjectFiles } from '../project-files';

/** Files of a spec, by path. */
export function textFiles(texts: Readonly<Record<string, string>>): ProjectFiles {
  return { list: () => Object.keys(texts).sort(), read: (file) => texts[file] ?? null };
}

/** `rule line` of each detection. */
export function rulesAndLines(detections: readonly { readonly rule: string; readonly line: number }[]): string[] {
  return detections.map(({ rule, line }) => `${rule} ${line}`);
}
