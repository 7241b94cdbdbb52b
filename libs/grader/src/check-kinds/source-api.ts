import type { Finding } from '@assay/contracts/grading-report';
import type { Detection } from '@assay/project-analysis/detection';
import type {
  PythonAssignment,
  PythonCall,
  PythonClass,
  PythonFunction,
  PythonHandler,
  PythonImport,
  PythonModule,
} from '@assay/project-analysis/python-source';

/** Where to look: only what touches a line that the candidate wrote, or the whole project. */
export type SourceScope = 'changed' | 'everywhere';

/** Something at a place in the submission. `line` counts from 1. */
export interface SourcePlace<Fact = unknown> {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  /** In a few words, for the evidence. */
  readonly what: string;
  readonly fact: Fact;
}

/** A whole dotted name; with `*` for any letters: `*.objects.raw`, `django.utils.safestring.*`. */
export type NamePattern = string;

/**
 * The submission's Python as its own parser sees it, without running anything: comments and strings are no code, names are resolved
 * through imports. `scope` is 'changed' where it is left out: lines of the starter, also when they were moved or their file was renamed,
 * are not the candidate's. What a check finds counts for nothing until it says so by `none` or `some`, which leave the places as evidence.
 */
export interface CheckSource {
  /** Every Python file, sorted by path; what could not be read has a `problem`. */
  readonly modules: readonly PythonModule[];
  /** Whether the candidate wrote one of these lines. */
  isChanged(file: string, line: number, endLine?: number): boolean;
  /** Calls by the resolved name of what is called, for example `django.utils.safestring.mark_safe` or `eval`. */
  calls(name: NamePattern, scope?: SourceScope): readonly SourcePlace<PythonCall>[];
  /** Imports of a module, or of a name from it: `django.core.cache.cache`. */
  imports(name: NamePattern, scope?: SourceScope): readonly SourcePlace<PythonImport>[];
  /** Functions and methods by their dotted path in the module, for example `BookQuerySet.*`. */
  functions(path: NamePattern, scope?: SourceScope): readonly SourcePlace<PythonFunction>[];
  /** Classes by one of their bases: `django.db.models.*QuerySet`. A class of the project's own is not followed to its bases. */
  classes(base: NamePattern, scope?: SourceScope): readonly SourcePlace<PythonClass>[];
  handlers(scope?: SourceScope): readonly SourcePlace<PythonHandler>[];
  /** Assignments by target: `DEBUG`, `self.*`. */
  assignments(target: NamePattern, scope?: SourceScope): readonly SourcePlace<PythonAssignment>[];
  /** Findings of ruff that the starter does not have, by rule (`S608`, `DJ*`). */
  findings(rule: NamePattern, scope?: SourceScope): readonly SourcePlace<Finding>[];
  /** Secrets in any file, 'everywhere' where `scope` is left out; never with the secret itself. */
  secrets(scope?: SourceScope): readonly SourcePlace<Detection>[];
  /**
   * Fails unless there is none. Fails too when a file could hide one: Python that no parser can be made to read, compiled Python. Text
   * that is no Python of the runtime's version hides nothing, since it cannot run.
   */
  none(places: readonly SourcePlace[], what: string): void;
  /** Fails unless there is one. */
  some(places: readonly SourcePlace[], what: string): void;
}
