import { DEVICES, environmentOf, filterWithout } from '../bubblewrap/launch-plan';
import { USERS } from '../host-user';
import { ASSETS_IN_ROOT, type RootPlan } from '../layers/root-plan';
import type { PythonRuntime } from '../runtime';
import type { SandboxLayer } from '../sandbox';
import type { ZygotePlan } from './slot';

/** Everything that the sandboxes of one zygote have in common, as data. */
export function planZygote(
  runtime: Pick<PythonRuntime, 'rootPython'>,
  root: RootPlan,
  workRoot: string,
  without: ReadonlySet<SandboxLayer>,
): Omit<ZygotePlan, 'socket' | 'cgroupFiles'> {
  const isWritable = without.has('read-only');
  // The host's own folders and our own files are read-only in any case.
  const mayWrite = (target: string): boolean => isWritable && !without.has('root') && target !== ASSETS_IN_ROOT;
  return {
    root: { ...root, binds: root.binds.map((bind) => ({ ...bind, writable: mayWrite(bind.target) })) },
    devices: DEVICES,
    workRoot,
    readOnly: !isWritable,
    users: process.getuid?.() === 0 ? USERS : null,
    python: runtime.rootPython,
    program: `${ASSETS_IN_ROOT}/zygote.py`,
    environment: {
      ...(without.has('environment') ? definedVariables() : {}),
      ...root.environment,
      ...environmentOf({ environment: {}, settings: '' }),
    },
    zygote: { without: [...without], filter: filterWithout(without)?.toString('hex') ?? null },
  };
}

function definedVariables(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
