import { cpSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../tools/setup/paths.mjs';
import { run } from '../../tools/setup/run.mjs';

/** Ended with passed tests only, or with failed ones too. */
const RAN = [0, 1];

/**
 * The suite of `bench/pytest` inside a copy of a solution.
 * @param server the running grading server (`RunningCluster`) to use
 * @returns `{ folder, environment, suite }`: `suite(lane)` runs it as a candidate would, in a new process that makes its test database
 *   anew, and gives the ids of the checks whose tests failed; two may run at once in different lanes
 * @throws when the suite has not exactly one test for every check of the pack
 */
export async function preparePytest({ pack, solution, runtime, server }) {
  const folder = path.join(path.dirname(solution.folder), 'project-with-pytest');
  cpSync(solution.folder, folder, { recursive: true });
  cpSync(path.join(ROOT, 'bench', 'pytest'), path.join(folder, 'checks'), { recursive: true });
  const { postgres } = server;
  const login = new URL(postgres.url);
  const environment = {
    ...pack.definition.environment,
    PATH: '/usr/bin:/bin',
    HOME: os.tmpdir(),
    LANG: 'C.UTF-8',
    DJANGO_SECRET_KEY: 'only-for-this-measurement',
    BOOKSHOP_DATA: pack.dataFolder,
    PGHOST: postgres.socketDir,
    PGPORT: String(postgres.port),
    PGUSER: login.username,
    PGPASSWORD: decodeURIComponent(login.password),
    PGDATABASE: 'postgres',
  };
  const checks = pack.definition.checks.map(({ id }) => id);
  const pytest = async (lane, ...options) => {
    const arguments_ = ['-m', 'pytest', 'checks', '-q', '--tb=no', ...options];
    const { code, output } = await run(runtime.python, arguments_, {
      cwd: folder,
      // Django makes `test_bench_<lane>` of it.
      env: { ...environment, PGDATABASE: `bench_${lane}` },
    });
    if (!RAN.includes(code)) throw new Error(`pytest ended with code ${code}:\n${output}`);
    return output;
  };
  const listing = await pytest(0, '--collect-only');
  compare(checks, idsIn(listing, /::test_(\w+)$/gm));
  const suite = async (lane = 0) => {
    const output = await pytest(lane);
    const failed = idsIn(output, /^FAILED .*::test_(\w+)/gm);
    const passed = Number(/(\d+) passed/.exec(output)?.[1]);
    if (passed + failed.length !== checks.length) throw new Error(`pytest did not run every test:\n${output}`);
    return failed.sort();
  };
  return { folder, environment, suite };
}

function idsIn(output, pattern) {
  return [...output.matchAll(pattern)].map(([, name]) => name.replaceAll('_', '-'));
}

function compare(checks, tests) {
  const untested = checks.filter((id) => !tests.includes(id));
  const unknown = tests.filter((id) => !checks.includes(id));
  if (untested.length + unknown.length === 0) return;
  throw new Error(
    `bench/pytest and the bookshop pack differ. Write a test for: ${untested.join(', ') || 'none'}. Remove the test of: ${unknown.join(', ') || 'none'}.`,
  );
}
