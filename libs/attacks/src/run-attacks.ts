import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { Attack, Layer } from './attack';
import { RealStage, SharedThings } from './real-stage';
import { type AttackReport, type AttackResult, type Attempt, summarize } from './results';

const ATTEMPT_SECONDS = 90;
const LONGEST_SEEN = 400;

export interface RunOptions {
  readonly attacks: readonly Attack[];
  /** Names of drivers, at least one; an attack in which no sandbox takes part is run once, with the first of them at hand. */
  readonly drivers: readonly string[];
  readonly runtime: PythonRuntime;
  readonly onProgress?: (line: string) => void;
  /** Ends the run early: everything is cleaned up, and the promise rejects. */
  readonly signal?: AbortSignal;
}

/** Tries every attack on every driver, one after the other: guarded, and without the layers that stop it. */
export async function runAttacks({ attacks, drivers, runtime, onProgress, signal }: RunOptions): Promise<AttackReport> {
  const workRoot = await mkdtemp(path.join(os.tmpdir(), 'assay-attacks-'));
  // Any user may enter it, unlike the product's: nothing but the sandbox is to stop an attack.
  await chmod(workRoot, 0o755);
  const results: AttackResult[] = [];
  try {
    for (const [index, driver] of drivers.entries()) {
      const wanted = attacks.filter(({ runs }) => runs === 'each' || index === 0);
      results.push(...(await runOnDriver(wanted, { driver, workRoot, runtime, signal }, onProgress)));
    }
  } finally {
    await rm(workRoot, { recursive: true, force: true });
  }
  return summarize(
    attacks.map(({ id }) => id),
    drivers,
    results,
  );
}

interface Place {
  readonly driver: string;
  readonly workRoot: string;
  readonly runtime: PythonRuntime;
  readonly signal: AbortSignal | undefined;
}

async function runOnDriver(
  attacks: readonly Attack[],
  place: Place,
  onProgress?: (line: string) => void,
): Promise<AttackResult[]> {
  const things = new SharedThings(place.runtime, place.driver, place.workRoot);
  const results: AttackResult[] = [];
  try {
    for (const attack of attacks) {
      place.signal?.throwIfAborted();
      const result = await tryAttack(attack, place, things);
      results.push(result);
      onProgress?.(lineOf(result));
    }
  } finally {
    await things.end();
  }
  return results;
}

async function tryAttack(attack: Attack, place: Place, things: SharedThings): Promise<AttackResult> {
  const { driver, workRoot, runtime, signal } = place;
  const attempt = (without: readonly Layer[]): Promise<Attempt> =>
    makeAttempt(attack, without, new RealStage(runtime, driver, workRoot, things), signal);
  const guarded = await attempt([]);
  const lacksLayer = attack.proofOn !== undefined && !attack.proofOn.drivers.includes(driver);
  return {
    attack: attack.id,
    driver: attack.runs === 'once' ? null : driver,
    guarded,
    proof: lacksLayer ? null : await attempt(attack.layers),
    noProof: lacksLayer ? attack.proofOn.why : null,
  };
}

/** Never throws: what goes wrong, in cleaning up too, is the outcome `error`. */
async function makeAttempt(
  attack: Attack,
  without: readonly Layer[],
  stage: RealStage,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  const began = performance.now();
  const done = (outcome: Attempt['outcome'], seen: string): Attempt => ({
    outcome,
    seen: oneLine(seen),
    ms: Math.round(performance.now() - began),
  });
  let result: Attempt;
  try {
    signal?.throwIfAborted();
    const { breached, seen } = await withinTime(attack.attempt(stage, without), attack.seconds ?? ATTEMPT_SECONDS, signal);
    result = done(breached ? 'breached' : 'held', seen);
  } catch (error) {
    result = done('error', error instanceof Error ? error.message : String(error));
  }
  try {
    await stage.end();
    return result;
  } catch (error) {
    return done('error', `${result.seen}; ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function withinTime<T>(work: Promise<T>, seconds: number, signal: AbortSignal | undefined): Promise<T> {
  const done = new AbortController();
  // Rejected or not, it is not waited for after its time is over.
  work.catch(() => undefined);
  const tooLong = wait(seconds * 1000, undefined, { signal: done.signal }).then(() => {
    throw new Error(`not done after ${seconds} s`);
  });
  tooLong.catch(() => undefined);
  const stopped = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('stopped')), { signal: done.signal });
  });
  try {
    return await Promise.race([work, tooLong, stopped]);
  } finally {
    done.abort();
  }
}

function lineOf({ attack, driver, guarded, proof, noProof }: AttackResult): string {
  const without = proof ? `without its layer ${proof.outcome} (${proof.seen})` : `no proof here: ${noProof}`;
  return `${guarded.outcome === 'held' && proof?.outcome !== 'held' && proof?.outcome !== 'error' ? 'ok  ' : 'FAIL'} ${attack} on ${driver ?? 'no driver'}: ${guarded.outcome} (${guarded.seen}); ${without}`;
}

function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, LONGEST_SEEN);
}
