import type { Finding } from '@assay/contracts/grading-report';
import { touches } from '@assay/project-analysis/changed-lines';
import type { PythonModule } from '@assay/project-analysis/python-source';
import { findSecrets } from '@assay/project-analysis/secrets';
import type { SubmittedFiles } from '../check-api';
import type { CheckRecord } from '../check-record';
import { ExpectationFailed } from '../expectations';
import type { CheckSource, SourcePlace, SourceScope } from './source-api';
import type { SourceReading } from './source-reading';

/** What all `source` objects of one run look at. */
export interface SourceMaterial {
  readonly reading: SourceReading;
  readonly files: SubmittedFiles;
  readonly findings: readonly Finding[];
}

/** Places that are written down as evidence. */
const MAX_PLACES = 20;

/** What a check sees of the submission's source. @param guard throws when the check may not ask now */
export function createSource(material: SourceMaterial, record: CheckRecord, guard: () => void): CheckSource {
  const reading = (): SourceReading => {
    guard();
    return material.reading;
  };
  const isChanged = (file: string, line: number, endLine = line): boolean =>
    touches(reading().changedLines[file] ?? [], line, endLine);
  const within = <Fact>(places: SourcePlace<Fact>[], scope: SourceScope): SourcePlace<Fact>[] =>
    scope === 'everywhere' ? places : places.filter((place) => isChanged(place.file, place.line, place.endLine));
  const facts = <Fact extends { line: number; endLine?: number }>(
    pick: (module: PythonModule) => readonly Fact[],
    what: (fact: Fact) => string,
    scope: SourceScope,
  ): SourcePlace<Fact>[] => {
    const places = reading().modules.flatMap((module) =>
      pick(module).map((fact) => ({
        file: module.file,
        line: fact.line,
        endLine: fact.endLine ?? fact.line,
        what: what(fact),
        fact,
      })),
    );
    return within(places, scope);
  };
  return {
    get modules() {
      return reading().modules;
    },
    isChanged,
    calls: (name, scope = 'changed') =>
      facts(
        ({ calls }) => calls.filter(({ target }) => matches(name, target)),
        ({ callee }) => `${callee}()`,
        scope,
      ),
    imports: (name, scope = 'changed') =>
      facts(
        ({ imports }) => imports.filter((found) => matches(name, found.module) || matches(name, `${found.module}.${found.name}`)),
        (found) => (found.name === null ? `import ${found.module}` : `from ${found.module} import ${found.name}`),
        scope,
      ),
    functions: (path, scope = 'changed') =>
      facts(
        ({ functions }) => functions.filter((found) => matches(path, found.path)),
        (found) => `def ${found.path}`,
        scope,
      ),
    classes: (base, scope = 'changed') =>
      facts(
        ({ classes }) => classes.filter(({ bases }) => bases.some((name) => matches(base, name))),
        (found) => `class ${found.path}(${found.bases.join(', ')})`,
        scope,
      ),
    handlers: (scope = 'changed') =>
      facts(
        ({ handlers }) => handlers,
        ({ types }) => `except ${types.join(', ')}`.trim(),
        scope,
      ),
    assignments: (target, scope = 'changed') =>
      facts(
        ({ assignments }) => assignments.filter((found) => matches(target, found.target)),
        (found) => `${found.target} ${found.operator} ...`,
        scope,
      ),
    findings: (rule, scope = 'changed') =>
      within(
        material.findings
          .filter((finding) => matches(rule, finding.rule))
          .map((fact) => ({ file: fact.file, line: fact.line, endLine: fact.line, what: `${fact.rule} ${fact.message}`, fact })),
        scope,
      ),
    secrets: (scope = 'everywhere') =>
      within(
        secretsOf(material).map((fact) => ({ file: fact.file, line: fact.line, endLine: fact.line, what: fact.message, fact })),
        scope,
      ),
    none: (places, what) => {
      guard();
      leave(record, places, what);
      const first = places[0];
      if (first) throw new ExpectationFailed(`${what}: expected none, but ${first.file}:${first.line} has ${first.what}`);
      const hiding = unreadable(material);
      if (hiding !== undefined) throw new ExpectationFailed(`${what}: expected none, but ${hiding}`);
    },
    some: (places, what) => {
      guard();
      leave(record, places, what);
      if (places.length === 0) throw new ExpectationFailed(`${what}: expected at least one, found none`);
    },
  };
}

const secretsFound = new WeakMap<SourceMaterial, ReturnType<typeof findSecrets>>();

/** Looked for once in a run. */
function secretsOf(material: SourceMaterial): ReturnType<typeof findSecrets> {
  const known = secretsFound.get(material) ?? findSecrets(material.files, material.reading.modules);
  secretsFound.set(material, known);
  return known;
}

/** A file of the candidate's that runs and cannot be looked into. */
function unreadable(material: SourceMaterial): string | undefined {
  const { modules, changedLines } = material.reading;
  const unread = modules.find(({ file, problem }) => problem !== null && problem.kind !== 'syntax' && changedLines[file]);
  if (unread) return `${unread.file} could not be read: ${unread.problem?.message}`;
  const compiled = material.files.list().find((file) => /\.(pyc|pyo|so|pyd)$/.test(file) && !file.includes('__pycache__/'));
  return compiled === undefined ? undefined : `${compiled} is compiled`;
}

function leave(record: CheckRecord, places: readonly SourcePlace[], what: string): void {
  for (const { file, line } of places) record.addLocation(file, line);
  const lines = places.slice(0, MAX_PLACES).map((place) => `${place.file}:${place.line} ${place.what}`);
  record.addRecord('source', what, places.length === 0 ? 'none' : [`${places.length} found`, ...lines].join('\n'));
}

/** `*` stands for any letters; everything else for itself. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return pattern === name;
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
