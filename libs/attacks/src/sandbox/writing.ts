import { chmod, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SandboxSpec } from '@assay/sandbox/sandbox';
import type { AttackGroup } from '../attack';
import { startHostile } from '../hostile-project';
import { literal, pythonAttack, sandboxAttack, sandboxLayers, textOf } from '../sandbox-attack';

/** Tries to make or change each of these files; none of them is harmed by it. */
const OVERWRITE = (files: readonly string[]): string => `
def write(file):
    with open(file, "ab") as opened:
        opened.write(b"# written by the submission\\n")
answer = {file: outcome(lambda: write(file)) for file in ${literal(files)}}`;

export const writing: AttackGroup = {
  title: 'Writing where others read',
  attacks: [
    sandboxAttack({
      id: 'write-project',
      title: 'Change its own project while it is being graded',
      breach: 'A file in the folder that the judge reads for the static analysis is made or changed.',
      layers: ['read-only'],
      attempt: async (stage, without) => {
        const project = await startHostile(stage, stage.driver(sandboxLayers(without)), { change: openForWriting });
        await project.run(OVERWRITE(['/app/hostile/urls.py', '/app/new.py']));
        const changed = await filesThatSay(project.spec.projectDir, 'written by the submission');
        return { breached: changed.length > 0, seen: `changed: ${changed.join(', ') || 'nothing'}` };
      },
    }),
    sandboxAttack({
      id: 'write-project-bytecode',
      title: 'Leave bytecode in the project that is loaded in the place of its source',
      breach: 'A bytecode file is made in the project.',
      layers: ['read-only'],
      attempt: async (stage, without) => {
        const project = await startHostile(stage, stage.driver(sandboxLayers(without)), { change: openForWriting });
        await project.run(`
import importlib.util, py_compile
answer = outcome(lambda: py_compile.compile("/app/hostile/urls.py", importlib.util.cache_from_source("/app/hostile/urls.py")))`);
        const made = (await readdir(project.spec.projectDir, { recursive: true })).filter((file) => file.endsWith('.pyc'));
        return { breached: made.length > 0, seen: `made: ${made.join(', ') || 'nothing'}` };
      },
    }),
    pythonAttack({
      id: 'write-root',
      title: 'Change the interpreter, its packages and their bytecode for those who come after',
      breach: 'A file of the root that all submissions share is made, or opened for writing.',
      // Without the first of them, a driver shows a copy of the root, so what all share is not put at risk.
      layers: ['read-only', 'privileges'],
      seconds: 120,
      python: `
import django, json
places = ["/etc/hosts", "/usr/lib/new", os.__file__, os.path.dirname(django.__file__) + "/sitecustomize.py", json.__cached__]
answer = {place: outcome(lambda: os.close(os.open(place, os.O_WRONLY | os.O_CREAT))) for place in places}`,
      isBreach: (answer) => answer.includes('done'),
    }),
    sandboxAttack({
      id: 'write-devices',
      title: 'Make files among the devices, or replace one',
      breach: 'A file is made in /dev.',
      layers: ['read-only', 'privileges'],
      attempt: async (stage, without) => {
        const project = await startHostile(stage, stage.driver(sandboxLayers(without)));
        const answer = textOf(
          await project.run(`
def replace():
    os.rename("/dev/null", "/dev/nothing")
    os.rename("/dev/nothing", "/dev/null")
answer = [outcome(lambda: open("/dev/new", "w").close()), outcome(replace)]`),
        );
        return { breached: answer.includes('done'), seen: answer };
      },
    }),
    sandboxAttack({
      id: 'replace-database-socket',
      title: 'Take the place of the database socket, to answer the judge itself',
      breach: "The database socket's folder is written to.",
      layers: ['read-only'],
      attempt: async (stage, without) => {
        const folder = await stage.folder();
        await chmod(folder, 0o777);
        await writeFile(path.join(folder, '.s.PGSQL.5432'), '');
        const project = await startHostile(stage, stage.driver(sandboxLayers(without)), {
          // Any user may write there, as far as modes go.
          change: (spec) => ({ ...spec, databaseSocketDir: folder }),
        });
        await chmod(folder, 0o777);
        const answer = textOf(
          await project.run(`
def take():
    socket.socket(socket.AF_UNIX).bind("/run/postgresql/mine")
    os.unlink("/run/postgresql/.s.PGSQL.5432")
answer = outcome(take)`),
        );
        const left = await readdir(folder);
        return {
          breached: !left.includes('.s.PGSQL.5432') || left.length > 1,
          seen: `${answer}; in the folder: ${left.join(', ')}`,
        };
      },
    }),
    sandboxAttack({
      id: 'write-judge-file',
      title: 'Write to a file of the judge: by its path, by a link in the project, through a descriptor left open',
      breach: 'A file of the host changes.',
      layers: ['descriptors'],
      attempt: async (stage, without) => {
        let target = '';
        const project = await startHostile(stage, stage.driver(sandboxLayers(without)), {
          change: async (spec) => {
            target = path.join(spec.workDir, 'settings.json');
            await writeFile(target, 'of the judge');
            for (const [file, mode] of [
              [target, 0o666],
              [spec.workDir, 0o755],
              [path.dirname(spec.workDir), 0o755],
            ] as const)
              await chmod(file, mode);
            await symlink(target, path.join(spec.projectDir, 'out.txt'));
            return spec;
          },
        });
        const answer = textOf(
          await project.run(`
${OVERWRITE(['/app/out.txt'])}
answer["by name"] = write_anywhere(${literal(target)}, b"not any more")`),
        );
        return { breached: (await readFile(target, 'utf8')) !== 'of the judge', seen: answer };
      },
    }),
  ],
};

/** Modes that would let anybody write, so that only the mount can stop it. */
async function openForWriting(spec: SandboxSpec): Promise<SandboxSpec> {
  await chmod(spec.projectDir, 0o777);
  for (const entry of await readdir(spec.projectDir, { withFileTypes: true, recursive: true }))
    await chmod(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o777 : 0o666);
  return spec;
}

async function filesThatSay(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(file, 'utf8')).includes(text)) found.push(path.relative(folder, file));
  }
  return found;
}
