import { randomUUID } from 'node:crypto';
import type { AttackGroup } from '../attack';
import { startHostile } from '../hostile-project';
import { pythonAttack, sandboxAttack, sandboxLayers, textOf } from '../sandbox-attack';
import type { Stage } from '../stage';

/** A variable of the judge's own environment until the attempt is over. */
function setForJudge(stage: Stage, name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  stage.defer(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

export const secrets: AttackGroup = {
  title: 'The environment that it starts with',
  attacks: [
    sandboxAttack({
      id: 'read-judge-environment',
      title: 'Find a password of the judge in its own environment',
      breach: 'A variable of the judge reaches the submission.',
      layers: ['environment'],
      attempt: async (stage, without) => {
        const secret = `secret-${randomUUID()}`;
        setForJudge(stage, 'ASSAY_ATTACK_PASSWORD', secret);
        const project = await startHostile(stage, stage.newDriver(sandboxLayers(without)));
        // Of the rest only the number: without the layer it is the environment of whoever runs this.
        const answer = textOf(
          await project.run(`
libc.getenv.restype = ctypes.c_char_p
name = "ASSAY_ATTACK_PASSWORD"
answer = [len(os.environ), os.environ.get(name), str(libc.getenv(name.encode()))]`),
        );
        return { breached: answer.includes(secret), seen: answer };
      },
    }),
    sandboxAttack({
      id: 'environment-left-in-memory',
      title: 'Find a password of the judge in what the kernel or the C library still keep of an environment',
      breach: 'A variable of the judge is found in the memory of the process.',
      layers: ['environment'],
      attempt: async (stage, without) => {
        const secret = randomUUID();
        setForJudge(stage, 'ASSAY_ATTACK_PASSWORD', `kept-${secret}`);
        const project = await startHostile(stage, stage.newDriver(sandboxLayers(without)));
        const answer = textOf(
          await project.run(`
# The kernel lays the environment above the arguments at the top of the stack; what Python changed later is elsewhere.
import re
pointer = ctypes.c_void_p.in_dll(libc, "__libc_stack_end").value
reading, writing = os.pipe()
os.set_blocking(writing, False)
os.set_blocking(reading, False)
found, place = [], pointer & ~4095
while True:
    written = libc.write(writing, ctypes.c_void_p(place), 4096)
    if written <= 0:
        break
    found += re.findall(rb"kept-[0-9a-f-]{36}", os.read(reading, 4096))
    place += 4096
answer = f"{(place - pointer) // 1024} KiB looked at, found {found}"`),
        );
        return { breached: answer.includes(secret), seen: answer };
      },
    }),
    pythonAttack({
      id: 'undocumented-descriptors',
      title: 'Use descriptors that were left open',
      breach: 'When its first module is loaded, a descriptor is open other than input, output, status and listening socket.',
      layers: ['descriptors'],
      project: {
        files: {
          'hostile/wsgi.py': `
import os, sys
def is_open(number):
    try:
        return bool(os.fstat(number))
    except OSError:
        return False
sys.open_at_start = [number for number in range(1024) if is_open(number)]
from attack_tools import take_name
from django.core.wsgi import get_wsgi_application
take_name()
application = get_wsgi_application()
`,
        },
      },
      python: 'answer = sys.open_at_start',
      isBreach: (answer) => answer !== '[0,1,2,3,5]',
    }),
    sandboxAttack({
      id: 'judge-python-variables',
      title:
        "Run code before the harness by Python variables of the judge's environment (PYTHONPATH, PYTHONSTARTUP, sitecustomize)",
      breach: "The project's sitecustomize runs before the harness, so that its failure would look like one of the machine.",
      layers: ['environment'],
      proofOn: {
        drivers: ['bubblewrap'],
        why: 'the interpreter of a zygote starts before there is a submission, where its project cannot be seen',
      },
      attempt: async (stage, without) => {
        setForJudge(stage, 'PYTHONPATH', '/app');
        const project = await startHostile(stage, stage.newDriver(sandboxLayers(without)), {
          files: { 'sitecustomize.py': 'import sys\nsys.early = "ran before the harness"\n' },
        });
        const answer = textOf(await project.run('answer = getattr(sys, "early", "did not run")'));
        return { breached: answer !== 'did not run', seen: answer };
      },
    }),
  ],
};
