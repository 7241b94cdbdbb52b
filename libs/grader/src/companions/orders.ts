import type { DatabaseAccess } from '../judged-database';

/**
 * What a hidden check may have run in a further sandbox of the same submission. The judge process asks for it by kind; the parent, which
 * has the rights, makes the program out of it. Nothing in an order is a command of the host.
 */
export type CompanionOrder = (
  | CommandOrder
  | SettingsOrder
  | DeployCheckOrder
  | ServeOrder
  | StaticFilesOrder
  | LibraryFilesOrder
  | GunicornOrder
  | WorkerOrder
  | TablesOfModelsOrder
) &
  CompanionSurroundings;
export type CompanionKind = CompanionOrder['kind'];

/** How a companion differs from the project that serves. */
export interface CompanionSurroundings {
  /** Variables added to those that the project gets, or standing in their place. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that the project gets and this one does not. */
  readonly without: readonly string[];
  /** Time limit in seconds of its own time; null for the usual one of its kind. */
  readonly seconds: number | null;
  /** A database made for the grade besides the project's, which it gets in its place. */
  readonly spareDatabase?: number;
}

/** `python -m django <name> <arguments>`. */
export interface CommandOrder {
  readonly kind: 'command';
  readonly name: string;
  readonly arguments: readonly string[];
}

/** The values of the project's settings, one JSON object a line. */
export interface SettingsOrder {
  readonly kind: 'settings';
}

/** Django's deployment checks on values, where there is no code of the submission. @property values lines of a settings order */
export interface DeployCheckOrder {
  readonly kind: 'deploy-check';
  readonly values: string;
}

/** The project once more, serving. */
export interface ServeOrder {
  readonly kind: 'serve';
}

/** `collectstatic`, and then the bytes of what it left. */
export interface StaticFilesOrder {
  readonly kind: 'static-files';
}

/** Which static files the installed libraries bring, with their SHA-256, where there is no code of the submission. */
export interface LibraryFilesOrder {
  readonly kind: 'library-files';
}

/** gunicorn with the project's own configuration file: looked at only, or serving on a socket of ours. */
export interface GunicornOrder {
  readonly kind: 'gunicorn';
  /** Path in the project; null for none. */
  readonly config: string | null;
  /** `module:name`; null for that of the pack. */
  readonly application: string | null;
  readonly checkOnly: boolean;
}

/** A worker of Celery. */
export interface WorkerOrder {
  readonly kind: 'worker';
  /** Module (or `module:name`) of the Celery application. */
  readonly application: string;
  /** Names of the queues it reads; empty for the application's own choice. */
  readonly queues: readonly string[];
}

/** The tables of the project's models, made without its migrations. */
export interface TablesOfModelsOrder {
  readonly kind: 'tables-of-models';
}

/** What the judge process asks its parent. */
export type CompanionRequest =
  | { readonly do: 'start'; readonly order: CompanionOrder }
  /** Settles when code of the submission is about to run, or when a project serves or failed to. */
  | { readonly do: 'begun'; readonly id: number }
  /** Settles when it ended by itself or by its limits. */
  | { readonly do: 'wait'; readonly id: number }
  /** Settles when all of its processes wait for something outside: what they began is done as far as it goes. */
  | { readonly do: 'settle'; readonly id: number }
  | { readonly do: 'kill'; readonly id: number }
  /** A further database, empty. */
  | { readonly do: 'make-database' };

export type CompanionAnswer =
  | { readonly type: 'started'; readonly id: number; readonly httpSocket: string }
  | { readonly type: 'begun'; readonly failure: BootFailure | null }
  | { readonly type: 'settled' }
  | { readonly type: 'ended'; readonly end: CompanionEnd }
  | { readonly type: 'database'; readonly id: number; readonly access: DatabaseAccess };

/** Why a project did not serve: the submission's doing. */
export interface BootFailure {
  /** `failed`: an exception; `died`: its process ended; `timed_out`: not serving in time. */
  readonly outcome: 'failed' | 'died' | 'timed_out';
  readonly step: 'setup' | 'migrate' | 'wsgi';
  /** Class of the exception, else null. */
  readonly error: string | null;
  readonly message: string;
}

/** How a companion ended. Whatever was ours to blame is no end but a fault of the grade. */
export interface CompanionEnd {
  readonly exit: CompanionExit;
  /** Beginning and end of what it printed. */
  readonly output: string;
  /** What it said to the judge, untrusted. */
  readonly lines: readonly string[];
  /** Of `static-files`: what was received, hashed here. */
  readonly files: readonly ReceivedFile[];
  /** Some of what it said was left out, because it was too much. */
  readonly isCut: boolean;
}

export type CompanionExit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'limit'; readonly limit: 'memory' | 'cpu' | 'system_calls' }
  | { readonly kind: 'timed_out'; readonly seconds: number }
  | { readonly kind: 'killed' };

/** A file whose bytes came out of a sandbox. */
export interface ReceivedFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 in hexadecimal, computed by the judge. */
  readonly sha256: string;
}

const VARIABLE = /^[A-Z_][A-Z0-9_]{0,99}$/;
/** Decide how our own part of a sandbox works. */
const OURS = /^(PATH|HOME|LD_.*|PYTHON.*|MALLOC_.*|DJANGO_SETTINGS_MODULE)$/;
const MODULE = '[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*';
const APPLICATION = new RegExp(`^${MODULE}(?::[A-Za-z_]\\w*)?$`);
const COMMAND = /^[a-z_][a-z0-9_]*$/;
const QUEUE = /^[A-Za-z0-9_.-]{1,100}$/;
const MOST_ARGUMENTS = 40;
const LONGEST_ARGUMENT = 2_000;
const LONGEST_VALUES = 1_000_000;
const MOST_SECONDS = 900;

/** @throws TypeError that says what in the order is not allowed */
export function checkOrder(order: CompanionOrder): void {
  checkSurroundings(order);
  if (order.kind === 'command') {
    refuse(!COMMAND.test(order.name), `"${order.name}" is no name of a management command`);
    refuseList('arguments', order.arguments, (each) => each.length <= LONGEST_ARGUMENT && !each.includes('\0'));
  } else if (order.kind === 'deploy-check') {
    refuse(order.values.length > LONGEST_VALUES, 'the values are too long');
  } else if (order.kind === 'gunicorn') {
    refuse(order.config !== null && !isInside(order.config), `"${order.config}" is no path in the project`);
    refuse(order.application !== null && !APPLICATION.test(order.application), `"${order.application}" is no application`);
  } else if (order.kind === 'worker') {
    refuse(!APPLICATION.test(order.application), `"${order.application}" is no application`);
    refuseList('queues', order.queues, (each) => QUEUE.test(each));
  } else {
    const plain = ['settings', 'serve', 'static-files', 'library-files', 'tables-of-models'];
    refuse(!plain.includes(order.kind), 'there is no such kind of companion');
  }
}

function checkSurroundings({ environment, without, seconds }: CompanionSurroundings): void {
  for (const [name, value] of Object.entries(environment)) {
    refuse(!VARIABLE.test(name) || OURS.test(name), `the variable ${name} cannot be set`);
    refuse(value.length > LONGEST_ARGUMENT || value.includes('\0'), `the variable ${name} cannot have this value`);
  }
  refuseList('without', without, (each) => VARIABLE.test(each) && !OURS.test(each));
  const isTime = seconds === null || (Number.isSafeInteger(seconds) && seconds >= 1 && seconds <= MOST_SECONDS);
  refuse(!isTime, `seconds must be a whole number from 1 to ${MOST_SECONDS}`);
}

function isInside(file: string): boolean {
  return /^[\w.-]+(\/[\w.-]+)*$/.test(file) && !file.split('/').includes('..') && !file.startsWith('-');
}

function refuseList(what: string, list: readonly string[], isGood: (each: string) => boolean): void {
  refuse(list.length > MOST_ARGUMENTS, `more than ${MOST_ARGUMENTS} ${what}`);
  for (const each of list) refuse(!isGood(each), `"${each}" is not allowed in ${what}`);
}

function refuse(isBad: boolean, why: string): void {
  if (isBad) throw new TypeError(why);
}
