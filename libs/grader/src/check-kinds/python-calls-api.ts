/**
 * `context.python`: functions of the submission called with hidden inputs, in the project's own process. See docs/checks/python-calls.md.
 *
 * Values travel as JSON. What JSON does not know stands as `{ python: kind, value }`, made by the functions below and compared as it is:
 * `expect.same(outcome.value(), python.decimal('4.20'), 'the total')`. Dictionaries with text keys are objects, lists are arrays, whole
 * numbers are `int`.
 */
export interface CheckPython {
  /** Calls `package.module:function` (or `module:Class.method`), and awaits what is `async`. Fails the check when there is no such thing, or no answer in time. */
  call(target: string, args?: readonly PythonInput[], keywords?: PythonKeywords): Promise<CallOutcome>;
  /** As `call`, but keeps what was returned in the project's process, to be used step by step. Fails the check when it raises. */
  keep(target: string, args?: readonly PythonInput[], keywords?: PythonKeywords): Promise<PythonObject>;
  /** Keeps what the name means without calling it: a class, a constant, a decorator. */
  find(target: string): Promise<PythonObject>;

  /** A function of ours. What is done with it is asked from the check, so that it sees every call in its order. @param name of the function */
  recorder(behave?: (call: DoubleCall) => DoubleAnswer, name?: string): PythonDouble;
  /** An iterator of ours whose items are handed out one by one: `calls` shows how far it was read. It may be closed. */
  source(items: readonly PythonInput[]): PythonDouble;
  /** Any other object of ours, by its methods: `{ __enter__: () => null, __exit__: () => false, close: () => null }`. */
  double(name: string, methods: Readonly<Record<string, (call: DoubleCall) => DoubleAnswer>>): PythonDouble;
  /** What a behaviour returns to raise. @param type a built-in exception, or `package.module:Name` */
  raises(type: string, message?: string): DoubleAnswer;

  exception(type: string, message?: string): PythonValue;
  decimal(text: string): PythonValue;
  /** A `float` whatever its value: `float(2)` is `2.0`. */
  float(value: number): PythonValue;
  datetime(iso: string): PythonValue;
  date(iso: string): PythonValue;
  timedelta(seconds: number): PythonValue;
  uuid(text: string): PythonValue;
  /** @param text as UTF-8 */
  bytes(text: string): PythonValue;
  tuple(items: readonly PythonInput[]): PythonValue;
  set(items: readonly PythonValue[]): PythonValue;
  /** A dictionary whose keys are not all text. */
  dict(pairs: readonly (readonly [PythonInput, PythonInput])[]): PythonValue;
}

export type PythonValue = null | boolean | number | string | readonly PythonValue[] | { readonly [key: string]: PythonValue };

export type PythonInput =
  | null
  | boolean
  | number
  | string
  | PythonDouble
  | PythonObject
  | readonly PythonInput[]
  | { readonly [key: string]: PythonInput };

export type PythonKeywords = Readonly<Record<string, PythonInput>>;

/** An exception as it came out. */
export interface PythonError {
  readonly type: string;
  readonly module: string;
  /** Names of its class and of those it derives from, up to `BaseException`. */
  readonly kinds: readonly string[];
  readonly message: string;
  /** Class of the exception that it was raised from (`raise ... from ...`). */
  readonly cause: string | null;
}

export interface CallOutcome {
  /** `yielded` and `ended` only of `next`, `send` and `throw`. */
  readonly kind: 'returned' | 'yielded' | 'ended' | 'raised';
  /** What was returned or yielded; fails the check when an exception was raised. */
  value(): PythonValue;
  /** The exception; fails the check when none was raised. */
  error(): PythonError;
  /** Statements of the call, counted at the database as those of a request. */
  readonly statementCount: number;
}

/** Something that is kept in the project's process until the check ends. It may be handed into further calls of the same check. */
export interface PythonObject {
  /** For example `builtins.generator`. */
  readonly type: string;
  /** `next()`, of an iterator over it where it is only iterable. */
  next(): Promise<CallOutcome>;
  send(value: PythonInput): Promise<CallOutcome>;
  /** @param error made by `exception` */
  throw(error: PythonValue): Promise<CallOutcome>;
  close(): Promise<CallOutcome>;
  /** Begins a `with` block. */
  enter(): Promise<CallOutcome>;
  /** Ends a `with` block, by this exception or without one. The value is whether the exception was swallowed. */
  exit(error?: PythonValue): Promise<CallOutcome>;
  call(args?: readonly PythonInput[], keywords?: PythonKeywords): Promise<CallOutcome>;
  method(name: string, args?: readonly PythonInput[], keywords?: PythonKeywords): Promise<CallOutcome>;
  get(attribute: string): Promise<CallOutcome>;
  /** As `call`, but keeps what was returned. */
  keep(args?: readonly PythonInput[], keywords?: PythonKeywords): Promise<PythonObject>;
  /** As `method`, but keeps what was returned: `(await python.find('shop.models:Book.objects')).keepMethod('on_sale')`. */
  keepMethod(name: string, args?: readonly PythonInput[], keywords?: PythonKeywords): Promise<PythonObject>;
}

/** One use of an object of ours. */
export interface DoubleCall {
  /** For example `__call__` or `__exit__`. */
  readonly method: string;
  readonly args: readonly PythonValue[];
  readonly keywords: Readonly<Record<string, PythonValue>>;
}

/** What a behaviour returns: a value, something of ours, or what `raises` made. */
export type DoubleAnswer = PythonInput;

export interface PythonDouble {
  /** Every use so far, in its order. */
  readonly calls: readonly DoubleCall[];
}
