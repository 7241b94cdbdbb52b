import { compileFunction, createContext, runInContext } from 'node:vm';
import type { CompiledCheckFile } from '@assay/task-pack/hidden-checks';
import type { CheckFunction } from '../check-api';
import { describeError, InfrastructureFault } from '../faults';

/** Not needed by checks: what blocks a whole process, machine code, and what leads to the debugger. */
const REMOVED = ['Atomics', 'SharedArrayBuffer', 'WebAssembly', 'console'];

/**
 * Runs the module bodies of hidden checks and gives their functions by check id. Each call does so in a world of its own, so that no
 * state of one grade is seen in the next, and that world holds nothing but the language: no timer, no process, no network, no loader.
 *
 * @param onRun told of each file before it runs
 */
export function loadChecks(
  files: readonly CompiledCheckFile[],
  onRun: (file: string) => void,
): ReadonlyMap<string, CheckFunction> {
  const parsingContext = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
  runInContext(REMOVED.map((name) => `delete globalThis.${name};`).join(''), parsingContext);
  const functions = new Map<string, CheckFunction>();
  for (const { file, code } of files) {
    onRun(file);
    const exported: { checks?: Readonly<Record<string, unknown>> } = {};
    try {
      compileFunction(code, ['exports'], { filename: file, parsingContext })(exported);
    } catch (error) {
      throw new InfrastructureFault('pack-broken', `${file} cannot be run: ${describeError(error)}`);
    }
    for (const [id, value] of Object.entries(exported.checks ?? {})) {
      if (typeof value !== 'function') throw new InfrastructureFault('pack-broken', `${file}: "${id}" is not a function`);
      functions.set(id, value as CheckFunction);
    }
  }
  return functions;
}
