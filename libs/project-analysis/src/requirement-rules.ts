import { type Detection, inOrder } from './detection';
import type { ProjectFiles } from './project-files';
import { type Requirement, type Requirements, readRequirements } from './requirements';

/**
 * What the lists of requirements have to be blamed for: versions that may change from one installation to the next. A project with a lock,
 * or with a list that was compiled with pins, is not blamed for what its other lists leave open.
 */
export function inspectRequirements(files: ProjectFiles): Detection[] {
  const all = readRequirements(files);
  const found: Detection[] = all.problems.map(({ file, line, message }) => ({
    rule: 'requirements/refused',
    file,
    line,
    message: `Nothing can be installed from it: ${message}`,
    severity: 'error',
    confidence: 'high',
    cwe: null,
    why: 'The project cannot be installed.',
  }));
  found.push(...loose(all), ...byAddress(all));
  return inOrder(found);
}

/** Names whose version is certain: a list pins it, or a lock of the project names everything. */
export function pinnedNames({ requirements }: Requirements): ReadonlySet<string> {
  return new Set(requirements.filter(({ isPinned }) => isPinned).map(({ name }) => name));
}

function loose(all: Requirements): Detection[] {
  if (all.locks.length > 0) return [];
  const pinned = pinnedNames(all);
  const open = all.requirements.filter(
    ({ name, url, isForDevelopment }) => url === null && !isForDevelopment && !pinned.has(name),
  );
  const byFile = new Map<string, Requirement[]>();
  for (const requirement of open) byFile.set(requirement.file, [...(byFile.get(requirement.file) ?? []), requirement]);
  return [...byFile].map(([file, list]) => {
    const unbounded = list.filter(({ version }) => !/[<~^]|==/.test(version));
    const names = (unbounded.length > 0 ? unbounded : list).map(({ name }) => name);
    const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
    return {
      rule: unbounded.length > 0 ? 'requirements/unbounded' : 'requirements/not-pinned',
      file,
      line: (unbounded[0] ?? list[0])?.line ?? 1,
      message: unbounded.length > 0 ? `Any later version is taken of ${shown}` : `No exact version, and no lock, of ${shown}`,
      severity: unbounded.length > 0 ? 'warning' : 'note',
      confidence: 'high',
      cwe: 1357,
      why: 'The next installation may get another version than the one that was tested. Keep a lock (uv, poetry, pip-tools), or pin versions.',
    };
  });
}

function byAddress({ requirements }: Requirements): Detection[] {
  return requirements
    .filter(({ url, isPinned }) => url !== null && !isPinned && !/^(\.|file:)/.test(url))
    .map(({ file, line, name, isForDevelopment }) => ({
      rule: 'requirements/moving-address',
      file,
      line,
      message: `${name} comes from an address whose content may change`,
      severity: isForDevelopment ? 'note' : 'warning',
      confidence: 'medium',
      cwe: 494,
      why: 'Whoever owns that place decides what is installed next time. Name a commit, or a version on an index.',
    }));
}
