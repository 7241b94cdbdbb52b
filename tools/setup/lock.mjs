import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './paths.mjs';

/** Runs `work` while no other process of this checkout runs work under the same name; the lock of a dead process is taken over. */
export async function withLock(name, onProgress, work) {
  const file = path.join(ROOT, '.assay', `${name}.lock`);
  const mine = `${file}.${process.pid}`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(mine, String(process.pid));
  let hasTold = false;
  try {
    while (!tryLink(mine, file)) {
      const holder = readPid(file);
      if (holder === null || !isAlive(holder)) {
        removeStale(file, `${mine}.stale`);
        continue;
      }
      if (!hasTold) onProgress(`Waiting for process ${holder}, which is at the same step (${name})`);
      hasTold = true;
      await sleep(500);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Two waiting processes may both see a dead holder: the slower one must not remove the lock that the faster one has just taken. */
function removeStale(file, aside) {
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const holder = readPid(aside);
  if (holder !== null && isAlive(holder)) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function tryLink(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readPid(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || null;
  } catch {
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
