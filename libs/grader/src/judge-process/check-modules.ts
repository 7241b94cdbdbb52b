import { createContext, runInContext, Script } from 'node:vm';
import type { CompiledCheckFile } from '@assay/task-pack/hidden-checks';
import type { CheckFunction } from '../check-api';
import { describeError, InfrastructureFault } from '../faults';

/** Not needed by checks: what blocks a whole process, machine code, and what leads to the debugger. */
const REMOVED = ['Atomics', 'SharedArrayBuffer', 'WebAssembly', 'console'];

type ModuleBody = (exports: { checks?: Readonly<Record<string, unknown>> }) => void;

/** The hidden checks of one pack: compiled once, run anew for each grade. */
export class CheckModules {
  private readonly scripts = new Map<string, Script>();

  constructor(private readonly files: readonly CompiledCheckFile[]) {}

  /**
   * Runs the module bodies and gives the functions by check id. Each call does so in a world of its own, so that no state of one grade is
   * seen in the next, and that world holds nothing but the language: no timer, no process, no network, no loader.
   *
   * @param onRun told of each file before it runs
   */
  load(onRun: (file: string) => void): ReadonlyMap<string, CheckFunction> {
    const world = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
    runInContext(REMOVED.map((name) => `delete globalThis.${name};`).join(''), world);
    const functions = new Map<string, CheckFunction>();
    for (const { file, code } of this.files) {
      onRun(file);
      const exported: { checks?: Readonly<Record<string, unknown>> } = {};
      try {
        const body = this.script(file, code).runInContext(world) as ModuleBody;
        body(exported);
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

  private script(file: string, code: string): Script {
    const known = this.scripts.get(file);
    if (known) return known;
    // On one line with the first of the code, so that line numbers stay.
    const script = new Script(`(function (exports) {${code}\n})`, { filename: file });
    this.scripts.set(file, script);
    return script;
  }
}
