import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../tools/setup/paths.mjs';
import { mustRun } from '../../tools/setup/run.mjs';

const require = createRequire(import.meta.url);

/**
 * The suite of `bench/pytest` inside a copy of the project, on a PostgreSQL server of the kind that the grader uses for itself (in
 * memory, nothing flushed to disk).
 * @returns a function that runs the suite as a candidate would, in a new process that makes its test database anew
 * @throws when the suite has not exactly one test for every check of the pack, and when a test fails
 */
export async function preparePytest({ resources, pack, folder, runtime, onProgress }) {
  const project = path.join(path.dirname(folder), 'project-with-pytest');
  cpSync(folder, project, { recursive: true });
  cpSync(path.join(ROOT, 'bench', 'pytest'), path.join(project, 'checks'), { recursive: true });
  const { GradingCluster } = require('@assay/grader/grading-cluster');
  const cluster = resources.keep(new GradingCluster(onProgress), (started) => started.close());
  const { postgres } = await cluster.get();
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
  const pytest = (...options) =>
    mustRun(runtime.python, ['-m', 'pytest', 'checks', '-q', ...options], { cwd: project, env: environment });

  const listing = await pytest('--collect-only');
  compare(
    pack.definition.checks.map(({ id }) => id),
    [...listing.matchAll(/::test_(\w+)$/gm)].map(([, name]) => name.replaceAll('_', '-')),
  );
  return async () => {
    const output = await pytest();
    const passed = Number(/(\d+) passed/.exec(output)?.[1]);
    if (passed !== pack.definition.checks.length) throw new Error(`pytest did not pass every test:\n${output}`);
  };
}

function compare(checks, tests) {
  const untested = checks.filter((id) => !tests.includes(id));
  const unknown = tests.filter((id) => !checks.includes(id));
  if (untested.length + unknown.length === 0) return;
  throw new Error(
    `bench/pytest and the bookshop pack differ. Write a test for: ${untested.join(', ') || 'none'}. Remove the test of: ${unknown.join(', ') || 'none'}.`,
  );
}
