import type { LineLimits, Program } from '@assay/sandbox/sandbox';
import type { CompanionOrder } from './orders';

/** What the parent makes of an order that is not the project itself, serving. */
export interface CompanionPlan {
  readonly program: Program;
  /** Nothing of the submission is there: neither its files nor its database, Redis and environment. */
  readonly isClean: boolean;
  /** Files of ours for `/run/trusted`, by name. */
  readonly trusted: Readonly<Record<string, string>>;
  readonly lines: LineLimits;
  /** It runs until it is killed, so that its time is that of the whole run. */
  readonly isLasting: boolean;
  /** Its processes share locks. */
  readonly semaphores: boolean;
}

const KIB = 1024;
const FEW_LINES: LineLimits = { longest: 8 * KIB, total: 64 * KIB };
const MANY_LINES: LineLimits = { longest: 64 * KIB, total: 512 * KIB };
/** Of files, in base64; a line holds at most 48 KiB of a file (`assets/programs/collect_static.py`). */
const FILES: LineLimits = { longest: 68 * KIB, total: 32 * KIB * KIB };
const USUAL = { isClean: false, trusted: {}, lines: FEW_LINES, isLasting: false, semaphores: false };

/** The only place where an order becomes a program; null: the project itself, serving. @param order as `checkOrder` let it pass @param wsgi module of the pack */
export function planOf(order: CompanionOrder, wsgi: string): CompanionPlan | null {
  switch (order.kind) {
    case 'serve':
      return null;
    case 'command':
      return { ...USUAL, program: module('django', [order.name, ...order.arguments]) };
    case 'settings':
      return { ...USUAL, program: asset('dump_settings'), lines: MANY_LINES };
    case 'deploy-check':
      return { ...USUAL, program: asset('deploy_checks'), isClean: true, trusted: { 'values.json': order.values } };
    case 'static-files':
      return { ...USUAL, program: asset('collect_static'), lines: FILES };
    case 'library-files':
      return { ...USUAL, program: asset('library_static'), isClean: true, lines: MANY_LINES };
    case 'tables-of-models':
      return { ...USUAL, program: asset('create_tables') };
    case 'gunicorn':
      return { ...USUAL, program: module('gunicorn', gunicornArguments(order, wsgi)), isLasting: !order.checkOnly };
    case 'worker':
      return { ...USUAL, program: module('celery', workerArguments(order)), isLasting: true, semaphores: true };
  }
}

/** What is said last counts: the project's own configuration cannot choose another socket. */
function gunicornArguments(order: Extract<CompanionOrder, { kind: 'gunicorn' }>, wsgi: string): string[] {
  const config = order.config === null ? [] : ['--config', order.config];
  const how = order.checkOnly ? ['--check-config'] : ['--bind', 'fd://5'];
  return [...config, ...how, order.application ?? `${wsgi}:application`];
}

/** One task at a time, so that a kill hits the task that runs; nothing that asks other workers, of which there are none. */
function workerArguments(order: Extract<CompanionOrder, { kind: 'worker' }>): string[] {
  const queues = order.queues.length > 0 ? ['--queues', order.queues.join(',')] : [];
  const alone = ['--pool', 'prefork', '--concurrency', '1', '--without-gossip', '--without-mingle', '--without-heartbeat'];
  return ['--app', order.application, 'worker', ...alone, '--loglevel', 'INFO', ...queues];
}

function module(name: string, args: readonly string[]): Program {
  return { kind: 'module', name, arguments: args };
}

function asset(name: string): Program {
  return { kind: 'asset', name, arguments: [] };
}
