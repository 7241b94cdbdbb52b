import { spawn } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runProgram } from './runtime/run-program';
import { sharedRuntime } from './testing/tiny-project';

const ROOT = path.join(__dirname, '..', '..', '..');
const SPECS = 'libs/sandbox/src/(driver-(walls|start|limits)|zygote(-warm)?)\\.spec\\.ts$';
const NOBODY = 65_534;
const MINUTES = 15;

/** A judge that is root runs the contract's specs as root; here they run once more as an ordinary user who may do nothing special. */
test(
  'both drivers keep to the contract for an ordinary user',
  async () => {
    if (process.getuid?.() !== 0) return;
    const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-unprivileged-'));
    try {
      const { directory } = await sharedRuntime();
      const runtime = path.join(folder, 'home', 'runtime', path.basename(directory));
      await mkdir(runtime, { recursive: true });
      // The runtime lies in the home of root, where nobody else may look.
      await runProgram('cp', ['-a', '--reflink=auto', path.join(directory, 'root'), runtime]);
      await copyFile(path.join(directory, 'runtime.json'), path.join(runtime, 'runtime.json'));
      const temporary = path.join(folder, 'tmp');
      await mkdir(temporary);
      await chown(temporary, NOBODY, NOBODY);
      await chmod(folder, 0o755);
      const config = path.join(folder, 'jest.config.cjs');
      const base = JSON.stringify(path.join(ROOT, 'jest.config.cjs'));
      await writeFile(config, `const { globalSetup, ...rest } = require(${base});\nmodule.exports = rest;\n`);
      const { code, output } = await run(['--config', config, '--cacheDirectory', path.join(temporary, 'jest'), SPECS], {
        PATH: process.env.PATH ?? '/usr/bin',
        HOME: temporary,
        TMPDIR: temporary,
        ASSAY_HOME: path.join(folder, 'home'),
      });
      expect([code, code === 0 ? '' : output.slice(-6000)]).toEqual([0, '']);
      expect(output).toMatch(/Test Suites: 5 passed, 5 total/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  MINUTES * 60_000,
);

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, ...args, '--forceExit'], {
    cwd: ROOT,
    env,
    uid: NOBODY,
    gid: NOBODY,
    stdio: 'pipe',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, output }));
  });
}
