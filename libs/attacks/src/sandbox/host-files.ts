import { randomUUID } from 'node:crypto';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { SandboxSpec } from '@assay/sandbox/sandbox';
import type { AttackGroup } from '../attack';
import { secretFile } from '../canaries/secret-file';
import { startHostile } from '../hostile-project';
import {
  HOST_PROCESSES,
  HOST_ROOT_DESCRIPTOR,
  literal,
  projectAttack,
  pythonAttack,
  sandboxAttack,
  sandboxLayers,
  textOf,
} from '../sandbox-attack';

export const hostFiles: AttackGroup = {
  title: 'Reading what is not the submission’s',
  attacks: [
    projectAttack({
      id: 'read-judge-file',
      title: 'Read a file of the judge by its path',
      breach: 'The content of a file outside of the project reaches the submission.',
      layers: ['root'],
      act: async (project, stage) => {
        const { file, secret } = await secretFile(stage);
        const answer = textOf(await project.run(`answer = outcome(lambda: open(${literal(file)}).read())`));
        return { breached: answer.includes(secret), seen: answer };
      },
    }),
    pythonAttack({
      id: 'read-judge-home',
      title: 'List the home of the user who runs the judge',
      breach: 'The submission sees what is in the home of the judge.',
      layers: ['root', 'privileges'],
      python: `answer = outcome(lambda: len(os.listdir(${literal(os.homedir())})))`,
      isBreach: (answer) => answer.startsWith('done'),
    }),
    pythonAttack({
      id: 'read-host-accounts',
      title: "Read the host's accounts",
      breach: 'Accounts of the host reach the submission.',
      layers: ['root'],
      python: `answer = outcome(lambda: "daemon" in open("/etc/passwd").read())`,
      isBreach: (answer) => answer === 'done True',
    }),
    sandboxAttack({
      id: 'read-other-submission',
      title: 'Read the project of another candidate that is being graded at the same time',
      breach: "A file of another candidate's project reaches the submission.",
      layers: ['descriptors'],
      attempt: async (stage, without) => {
        const driver = stage.driver(sandboxLayers(without));
        const victim = await startHostile(stage, driver, {
          files: { 'solution.py': '# the work of somebody else' },
          change: openToAll,
        });
        const thief = await startHostile(stage, driver, { change: openToAll });
        const wanted = path.join(victim.spec.projectDir, 'solution.py');
        const answer = textOf(await thief.run(`answer = read_anywhere(${literal(wanted)})`));
        return { breached: answer.includes('somebody else'), seen: answer };
      },
    }),
    sandboxAttack({
      id: 'link-out-of-project',
      title: 'Read a file of the judge through a symbolic link in the project',
      breach: 'A link in the project leads to a file of the host.',
      layers: ['root', 'symbolic-links'],
      attempt: async (stage, without) => {
        const { file, secret } = await secretFile(stage);
        const project = await startHostile(stage, stage.driver(sandboxLayers(without)), {
          change: async (spec) => {
            await symlink(file, path.join(spec.projectDir, 'notes.txt'));
            return spec;
          },
        });
        const answer = textOf(await project.run('answer = outcome(lambda: open("/app/notes.txt").read())'));
        return { breached: answer.includes(secret), seen: answer };
      },
    }),
    sandboxAttack({
      id: 'follow-link-in-project',
      title: 'Make whoever opens a file of the project open another one',
      breach: 'A symbolic link in the project is followed at all.',
      layers: ['symbolic-links'],
      residual:
        'With bubblewrap and a judge that is an ordinary user, links are followed, inside of the sandbox: they lead to nothing but what the submission sees anyway.',
      attempt: async (stage, without) => {
        const project = await startHostile(stage, stage.driver(sandboxLayers(without)), {
          change: async (spec) => {
            await symlink('/etc/hosts', path.join(spec.projectDir, 'settings.txt'));
            return spec;
          },
        });
        const answer = textOf(await project.run('answer = outcome(lambda: len(open("/app/settings.txt").read()))'));
        return { breached: answer.startsWith('done'), seen: answer };
      },
    }),
    pythonAttack({
      id: 'run-host-program',
      title: 'Run a shell or another program of the host',
      breach: 'A program of the host runs in the sandbox.',
      layers: ['root'],
      python: `
import subprocess
answer = outcome(lambda: subprocess.run(["/bin/sh", "-c", "echo a shell"], capture_output=True, text=True).stdout)`,
      isBreach: (answer) => answer.includes('a shell'),
    }),
    projectAttack({
      id: 'leave-by-proc-root',
      title: 'Leave through the root folder of a process outside',
      breach: "A file of the host is read by way of another process's root folder.",
      layers: ['root', 'pid-namespace', 'process-files', 'privileges'],
      proofOn: HOST_PROCESSES,
      act: async (project, stage) => {
        const { file, secret } = await secretFile(stage);
        const answer = textOf(
          await project.run(`
places = [f"/proc/{number}/{way}" + ${literal(file)} for number in (1, os.getppid()) for way in ("root", "cwd")]
answer = [outcome(lambda: open(place).read()) for place in places]`),
        );
        return { breached: answer.includes(secret), seen: answer };
      },
    }),
    pythonAttack({
      id: 'read-devices',
      title: "Open the host's devices: disks, memory, kernel messages, terminals",
      breach: 'A device other than null, zero, full, random and urandom can be seen, or something be kept in /dev/shm.',
      layers: ['descriptors'],
      proofOn: HOST_ROOT_DESCRIPTOR,
      python: `
harmless = {"null", "zero", "full", "random", "urandom"}
try:
    os.mkdir("/dev/shm/kept")
except OSError:
    if os.path.isdir("/dev/shm") and not os.listdir("/dev/shm"):
        harmless.add("shm")
folders = [os.listdir("/dev")] + [os.listdir(os.open("dev", os.O_RDONLY, dir_fd=folder)) for folder in inherited_folders()]
answer = sorted(set(sum(folders, [])) - harmless)[:5]`,
      isBreach: (answer) => answer !== '[]',
    }),
    sandboxAttack({
      id: 'read-work-folder',
      title: "Read what lies in the judge's folder for this run, through a descriptor that was left open",
      breach: 'A file beside the listening socket is read.',
      layers: ['descriptors'],
      attempt: async (stage, without) => {
        const secret = randomUUID();
        const project = await startHostile(stage, stage.driver(sandboxLayers(without)), {
          change: async (spec) => {
            await writeFile(path.join(spec.workDir, 'notes.json'), secret, { mode: 0o644 });
            await chmod(spec.workDir, 0o755);
            return openToAll(spec);
          },
        });
        const wanted = path.join(project.spec.workDir, 'notes.json');
        const answer = textOf(await project.run(`answer = read_anywhere(${literal(wanted)})`));
        return { breached: answer.includes(secret), seen: answer };
      },
    }),
    pythonAttack({
      id: 'read-kernel-files',
      title: 'Read what the kernel tells of the machine: its memory, symbols, settings, mounts, other groups',
      breach: 'A file of /proc or /sys can be opened.',
      layers: ['process-files'],
      python: `
files = ["/proc/kcore", "/proc/kallsyms", "/proc/sys/kernel/core_pattern", "/proc/cmdline", "/proc/meminfo", "/proc/net/unix", "/sys/kernel/uevent_helper", "/sys/fs/cgroup"]
answer = [file for file in files if os.path.exists(file)]`,
      isBreach: (answer) => answer !== '[]',
    }),
  ],
};

/** The folders above it may be entered by any user, so that only the sandbox hides what is in them. */
async function openToAll(spec: SandboxSpec): Promise<SandboxSpec> {
  await chmod(path.dirname(spec.projectDir), 0o755);
  return spec;
}
