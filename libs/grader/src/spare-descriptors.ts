import { closeSync, openSync } from 'node:fs';

/** One for the project's connection, one to its database. */
const FOR_A_CONNECTION = 2;

/**
 * Why this process cannot take another connection, null when it can. Without a descriptor left the event loop drops what comes in and
 * tells nobody, so that a project would seem to fail.
 */
export function lackOfDescriptors(): Error | null {
  const opened: number[] = [];
  try {
    while (opened.length < FOR_A_CONNECTION) opened.push(openSync(__filename, 'r'));
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}
