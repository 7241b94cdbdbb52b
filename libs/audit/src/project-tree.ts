import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import path from 'node:path';
import type { ProjectFiles } from '@assay/project-analysis/project-files';

const MAX_FILES = 50_000;
const MAX_FOLDERS = 20_000;
const MAX_DEPTH = 40;
const MAX_FILE_BYTES = 1024 * 1024;
/** What is no part of a project although it lies in its folder. */
const PASSED_OVER = new Set(
  '.git .hg .svn node_modules bower_components __pycache__ .venv venv .tox .nox .mypy_cache .pytest_cache .ruff_cache site-packages .idea .vscode'.split(
    ' ',
  ),
);
const VIRTUAL_ENVIRONMENT = 'pyvenv.cfg';

export interface ProjectTree {
  /** Regular files relative to the folder, sorted, with `/`; links are not followed. */
  readonly files: readonly string[];
  /** What was not looked at, and why. */
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
}

/** Lists a folder that a stranger wrote: no links followed, depth and number bounded. */
export async function listTree(root: string): Promise<ProjectTree> {
  const files: string[] = [];
  const leftOut: { what: string; why: string }[] = [];
  const waiting: { folder: string; depth: number }[] = [{ folder: '', depth: 0 }];
  let links = 0;
  let folders = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    folders += 1;
    if (folders > MAX_FOLDERS || files.length > MAX_FILES) {
      leftOut.push({ what: 'the rest of the folder', why: `it has more than ${MAX_FILES} files or ${MAX_FOLDERS} folders` });
      break;
    }
    const entries = await entriesOf(path.join(root, next.folder));
    if (entries === null) {
      leftOut.push({ what: next.folder || '.', why: 'the folder cannot be read' });
      continue;
    }
    if (next.folder !== '' && entries.some(({ name }) => name === VIRTUAL_ENVIRONMENT)) continue;
    for (const { name, kind } of entries) {
      const inside = next.folder === '' ? name : `${next.folder}/${name}`;
      if (kind === 'file') files.push(inside);
      else if (kind === 'link') links += 1;
      else if (kind === 'folder' && !PASSED_OVER.has(name)) {
        if (next.depth < MAX_DEPTH) waiting.push({ folder: inside, depth: next.depth + 1 });
        else leftOut.push({ what: `${inside.slice(0, 80)}...`, why: `it is nested more than ${MAX_DEPTH} folders deep` });
      }
    }
  }
  if (links > 0) leftOut.push({ what: `${links} symbolic ${links === 1 ? 'link' : 'links'}`, why: 'links are not followed' });
  return { files: files.slice(0, MAX_FILES).sort(), leftOut };
}

async function entriesOf(folder: string): Promise<{ name: string; kind: 'file' | 'folder' | 'link' | 'other' }[] | null> {
  try {
    const entries: { name: string; kind: 'file' | 'folder' | 'link' | 'other' }[] = [];
    for await (const entry of await opendir(folder)) {
      // A name that is no UTF-8, or breaks lines, would be another one in a report.
      if (/[\uFFFD\p{Cc}]/u.test(entry.name)) continue;
      const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'other';
      entries.push({ name: entry.name, kind });
      if (entries.length > MAX_FILES) break;
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return null;
  }
}

/** The files of a tree as detectors read them; texts are read on each call. */
export function filesOf(root: string, tree: ProjectTree): ProjectFiles {
  const known = new Set(tree.files);
  return { list: () => tree.files, read: (file) => (known.has(file) ? readText(path.join(root, file)) : null) };
}

function readText(location: string): string | null {
  let descriptor: number;
  try {
    descriptor = openSync(location, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const info = fstatSync(descriptor);
    if (!info.isFile() || info.size > MAX_FILE_BYTES) return null;
    const content = Buffer.alloc(info.size);
    return content.toString('utf8', 0, readSync(descriptor, content, 0, info.size, 0));
  } finally {
    closeSync(descriptor);
  }
}
