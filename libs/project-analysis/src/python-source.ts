/**
 * What Python's own parser sees in the files of a project, as data. Comments and strings are no code here; nothing was imported or run.
 * `scope` is where something stands: '' for the module, else the dotted path of classes and functions, for example `Order.total`.
 * Lines count from 1.
 */
export interface PythonModule {
  /** Path in the project. */
  readonly file: string;
  /** Why nothing below was read, else null. */
  readonly problem: PythonProblem | null;
  readonly imports: readonly PythonImport[];
  readonly functions: readonly PythonFunction[];
  readonly classes: readonly PythonClass[];
  readonly calls: readonly PythonCall[];
  readonly handlers: readonly PythonHandler[];
  /** Assignments to names and dotted names, wherever they stand. */
  readonly assignments: readonly PythonAssignment[];
}

export interface PythonProblem {
  /**
   * `syntax`: no Python of the runtime's version, or no UTF-8. `too-large`: more than 1 MiB, or too much code for the bound of all files.
   * `too-deep`: nested so deeply that the parser gave up. `not-analysed`: this file made the parser crash or use up its time.
   */
  readonly kind: 'syntax' | 'too-large' | 'too-deep' | 'not-analysed';
  readonly message: string;
  readonly line: number;
}

export interface PythonImport {
  /** `django.db` in `from django.db import models as m`; with its leading dots when relative. */
  readonly module: string;
  /** `models`; `*`; null in `import django.db`. */
  readonly name: string | null;
  /** Name that is bound: `m`. */
  readonly as: string;
  readonly line: number;
  readonly scope: string;
}

export interface PythonFunction {
  readonly name: string;
  /** Dotted path including the name. */
  readonly path: string;
  /** Line of `def`. */
  readonly line: number;
  readonly endLine: number;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly decorators: readonly PythonExpression[];
  readonly parameters: readonly PythonParameter[];
}

export interface PythonParameter {
  readonly name: string;
  readonly kind: 'positional-only' | 'ordinary' | 'rest' | 'keyword-only' | 'keywords';
  readonly default: PythonExpression | null;
}

export interface PythonClass {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  /** Dotted names, resolved through the imports of the module (`django.db.models.Model`); '?' for what is no name. */
  readonly bases: readonly string[];
  readonly decorators: readonly PythonExpression[];
}

export interface PythonCall {
  /** As written, for example `m.CharField`; calls and subscripts in it as `()` and `[]`: `Book.objects.filter().first`. */
  readonly callee: string;
  /**
   * The same with its first name resolved through imports and plain aliases: `django.db.models.CharField`, `eval`. Begins with a dot when
   * the name is the module's own (`.eval` where a function `eval` is defined) or was imported from beside it (`.models.Book`).
   */
  readonly target: string;
  readonly line: number;
  readonly endLine: number;
  readonly scope: string;
  readonly arguments: readonly PythonExpression[];
  readonly keywords: readonly PythonKeyword[];
  /** The value is thrown away: the call is a statement of its own. */
  readonly isStatement: boolean;
  /** Entered by `with`. */
  readonly isContext: boolean;
  /** Stands in the body of a loop or comprehension of its function, so that it may happen many times. */
  readonly inLoop: boolean;
}

/** `name` is null for `**rest`. */
export interface PythonKeyword {
  readonly name: string | null;
  readonly value: PythonExpression;
}

export interface PythonHandler {
  readonly line: number;
  readonly endLine: number;
  readonly scope: string;
  /** Resolved dotted names; empty for a bare `except:`. */
  readonly types: readonly string[];
  /** The body does nothing: `pass`, `...`, `continue` or a string. */
  readonly isSilent: boolean;
  /** Some path of the body raises. */
  readonly raises: boolean;
}

export interface PythonAssignment {
  /** `DEBUG`, `self.total`, `os.environ[]`. */
  readonly target: string;
  /** `=` or for example `+=`. */
  readonly operator: string;
  readonly value: PythonExpression;
  readonly line: number;
  readonly endLine: number;
  readonly scope: string;
  /** Stands under `if`, `try`, a loop or `with`, so that it may not happen. */
  readonly isConditional: boolean;
}

/** A value as far as it can be known without running anything; nested to a bounded depth, beyond which it is `other`. */
export type PythonExpression =
  /** Its first 4,000 characters. */
  | { readonly kind: 'text'; readonly value: string; readonly line: number }
  | { readonly kind: 'bytes'; readonly length: number; readonly line: number }
  /** Integers beyond 2**53 and complex numbers are `other`. */
  | { readonly kind: 'number'; readonly value: number; readonly line: number }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly line: number }
  | { readonly kind: 'none'; readonly line: number }
  /** A name or dotted name; `target` resolved through the imports. */
  | { readonly kind: 'name'; readonly name: string; readonly target: string; readonly line: number }
  | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly PythonExpression[]; readonly line: number }
  | {
      readonly kind: 'dict';
      /** `key` is null for `**rest`. */
      readonly entries: readonly { readonly key: PythonExpression | null; readonly value: PythonExpression }[];
      readonly line: number;
    }
  | {
      readonly kind: 'call';
      readonly callee: string;
      readonly target: string;
      readonly arguments: readonly PythonExpression[];
      readonly keywords: readonly PythonKeyword[];
      readonly line: number;
    }
  | { readonly kind: 'subscript'; readonly value: PythonExpression; readonly index: PythonExpression; readonly line: number }
  /** `operator` as in Python: `+`, `and`, `not`, `if` (condition, then, else), `==`. */
  | {
      readonly kind: 'operation';
      readonly operator: string;
      readonly operands: readonly PythonExpression[];
      readonly line: number;
    }
  /** An f-string: its fixed parts are `text`. */
  | { readonly kind: 'format'; readonly parts: readonly PythonExpression[]; readonly line: number }
  /** `node`: the class of Python's `ast`, for example `Lambda`. */
  | { readonly kind: 'other'; readonly node: string; readonly line: number };
