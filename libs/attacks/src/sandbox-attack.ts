import { SANDBOX_LAYERS, type SandboxLayer } from '@assay/sandbox/sandbox';
import type { Attack, Layer, Observation } from './attack';
import { type HostileOptions, type HostileProject, startHostile } from './hostile-project';
import type { Stage } from './stage';

/** What most attacks on the sandbox have in common: no residue unless said, tried on each driver. */
export type SandboxAttack = Omit<Attack, 'residual' | 'runs' | 'layers'> & {
  readonly layers: readonly SandboxLayer[];
  readonly residual?: string;
};

/** Without its descriptors layer, bubblewrap keeps the root of the host open; a zygote lives in a root of its own and has none to keep. */
export const HOST_ROOT_DESCRIPTOR = {
  drivers: ['bubblewrap'],
  why: 'the descriptors that a zygote could leave open lead to the folders of the judge’s runs, never to the root of the host',
};

/** A zygote lives in a process namespace of its own already. */
export const HOST_PROCESSES = {
  drivers: ['bubblewrap'],
  why: 'a zygote itself lives in a process namespace, so that even without the sandbox’s own no process of the host can be named',
};

export function sandboxAttack({ residual, ...attack }: SandboxAttack): Attack {
  return { ...attack, residual: residual ?? null, runs: 'each' };
}

/** An attack by one project that serves, told what to do while it does. */
export function projectAttack({
  project: options,
  act,
  ...attack
}: Omit<SandboxAttack, 'attempt'> & {
  readonly project?: HostileOptions;
  readonly act: (project: HostileProject, stage: Stage) => Promise<Observation>;
}): Attack {
  return sandboxAttack({
    ...attack,
    attempt: async (stage, without) => act(await startHostile(stage, stage.driver(sandboxLayers(without)), options), stage),
  });
}

/** An attack that is one piece of Python and shows by its answer whether it breached. */
export function pythonAttack({
  python,
  isBreach,
  ...attack
}: Omit<SandboxAttack, 'attempt'> & {
  readonly project?: HostileOptions;
  readonly python: string;
  readonly isBreach: (answer: string) => boolean;
}): Attack {
  return projectAttack({
    ...attack,
    act: async (project) => {
      const answer = textOf(await project.run(python));
      return { breached: isBreach(answer), seen: answer };
    },
  });
}

export function sandboxLayers(layers: readonly Layer[]): SandboxLayer[] {
  return SANDBOX_LAYERS.filter((layer) => layers.includes(layer));
}

/** The answer of Python as one text: what it says when it is text, else as JSON. */
export function textOf(answer: unknown): string {
  return typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? 'no answer');
}

/** A value as a Python literal. */
export function literal(value: string | number | readonly (string | number)[]): string {
  return JSON.stringify(value);
}
