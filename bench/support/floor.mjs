import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../tools/setup/paths.mjs';

const DATABASE = 'bench_floor';

/**
 * The floor under a grade, see `bench/floor.py`.
 * @param pytest what `preparePytest` gave for the solution
 * @returns a function that gives one sample: `{ floorMs, phases, requests, pythonCpuMs, failed }`
 */
export async function openFloor({ pack, runtime, server, pytest, resources }) {
  await server.administer(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await server.administer(`CREATE DATABASE ${DATABASE}`);
  const child = spawn(
    runtime.python,
    [path.join(ROOT, 'bench', 'floor.py'), pack.definition.framework.settings, path.join(pack.dataFolder, 'seed.sql')],
    { cwd: pytest.folder, env: { ...pytest.environment, PGDATABASE: DATABASE }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  resources.keep(child, async () => {
    const ended = child.exitCode === null ? once(child, 'exit') : null;
    child.kill('SIGKILL');
    await ended;
  });
  const ask = async (command) => {
    child.stdin.write(`${command}\n`);
    const { value } = await lines.next();
    const answer = value === undefined ? { error: 'its process ended' } : JSON.parse(value);
    if (answer.error) throw new Error(`The floor could not be measured: ${answer.error}`);
    return answer;
  };
  await ask('migrate');
  await ask('run');
  return async () => {
    const { loadMs, testsMs, failed, requests, totalMs, pythonCpuMs } = await ask('run');
    const ids = failed.map((name) => name.replaceAll('_', '-')).sort();
    return {
      floorMs: totalMs,
      phases: { forkMs: totalMs - loadMs - testsMs, loadMs, testsMs },
      requests,
      pythonCpuMs,
      failed: ids,
    };
  };
}
