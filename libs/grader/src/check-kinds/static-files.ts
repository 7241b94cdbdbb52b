import type { CompanionParts } from '../companions/companion-parts';
import { InfrastructureFault } from '../faults';
import { described, ending } from './commands';
import type { CheckStaticFiles, CollectedFile, CollectedFiles, LibraryFiles } from './static-files-api';

/** Paths told as evidence. */
const MAX_TOLD = 20;

export function createStaticFiles(tools: CompanionParts): CheckStaticFiles {
  return {
    collect: async (options = {}): Promise<CollectedFiles> => {
      const companion = await tools.start({ kind: 'static-files' }, options);
      const { exit, output, files: received, isCut } = await companion.wait();
      const byPath = new Map(received.map((file): [string, CollectedFile] => [file.path, file]));
      const files = [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      const summary = `${ending(exit)}; ${files.length} files with ${bytes} bytes${isCut ? ', and more that were not taken' : ''}`;
      const printed = tools.steady(output);
      tools.record.addRecord('command', 'manage.py collectstatic', `${described(options)}${summary}\n${printed}`);
      return {
        end: exit,
        output,
        files,
        file: (path) => byPath.get(path) ?? null,
        library: (prefix) => compare(tools, prefix, byPath),
      };
    },
  };
}

/** What the libraries bring is read where there is no code of the submission. */
async function compare(
  tools: CompanionParts,
  prefix: string,
  collected: ReadonlyMap<string, CollectedFile>,
): Promise<LibraryFiles> {
  const companion = await tools.start({ kind: 'library-files' }, {});
  const { exit, lines } = await companion.wait();
  if (exit.kind !== 'exited' || exit.code !== 0) {
    throw new InfrastructureFault('sandbox-failed', `the files of the libraries could not be listed: it ${ending(exit)}`);
  }
  const wanted = lines.map((line) => line.split(' ')).filter(([path]) => path?.startsWith(prefix));
  if (wanted.length === 0) throw new TypeError(`no library has static files at "${prefix}"`);
  const missing = wanted.flatMap(([path = '', sha256]) => (collected.get(path)?.sha256 === sha256 ? [] : [path])).sort();
  const same = wanted.length - missing.length;
  const told = missing.slice(0, MAX_TOLD).join('\n');
  tools.record.addRecord(
    'command',
    `Static files of the libraries at ${prefix}`,
    `${same} of ${wanted.length} unchanged\n${told}`,
  );
  return { expected: wanted.length, same, missing };
}
