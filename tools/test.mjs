/**
 * npm test: everything that must hold, on servers of its own. Usage: node tools/test.mjs [--deep] [-- jest path patterns]
 * With patterns only jest runs. The last line is `N passed, N failed`: every test, and lint, walls and type check as one each.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { ensureInstalled, printProgress, runTool } from './bootstrap.mjs';
import { lintImages } from './lint-images.mjs';
import { startRedis } from './services/redis-server.mjs';
import { npmProgram, ROOT } from './setup/paths.mjs';
import { redisOnPath } from './setup/redis.mjs';
import { run } from './setup/run.mjs';

const require = createRequire(import.meta.url);

const STATIC_CHECKS = [
  ['format and lint (biome)', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']],
  ['types of promises (eslint)', 'node_modules/eslint/bin/eslint.js', ['.']],
  [
    'walls (dependency-cruiser)',
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    ['--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'migrations'],
  ],
  ['type check (tsc)', 'node_modules/typescript7/bin/tsc', ['--noEmit', '-p', 'tsconfig.json']],
];

async function main() {
  const args = process.argv.slice(2);
  const isDeep = args.includes('--deep');
  const patterns = args.filter((argument) => !argument.startsWith('--'));
  await ensureInstalled({ need: { sandbox: true, runtime: true, redis: true } });

  const total = { passed: 0, failed: 0 };
  const count = (isPassed) => {
    total[isPassed ? 'passed' : 'failed'] += 1;
  };
  if (patterns.length === 0) {
    for (const [title, program, programArgs] of STATIC_CHECKS) {
      count(await report(title, () => run(process.execPath, [path.join(ROOT, program), ...programArgs], { cwd: ROOT })));
    }
    for (const pack of taskPacks()) count(await report(`task pack ${pack}`, () => lintPack(pack)));
    const images = await lintImages({ onProgress: (line) => process.stdout.write(`${line}\n`) });
    total.passed += images.passed;
    total.failed += images.failed;
  }
  const jest = await runJest(patterns, isDeep);
  total.passed += jest.passed;
  total.failed += jest.failed;
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** Runs one check and prints its title when it passed, all its output when not. */
async function report(title, check) {
  const started = Date.now();
  const { code, output } = await check();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(code === 0 ? `PASS ${title} (${seconds} s)\n` : `FAIL ${title} (${seconds} s)\n${output.trim()}\n`);
  return code === 0;
}

function taskPacks() {
  const root = path.join(ROOT, 'task-packs');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true })
    .filter((name) => path.basename(name) === 'task.yaml')
    .map((name) => path.join('task-packs', path.dirname(name)));
}

async function lintPack(pack) {
  const { errors, warnings } = await require('@assay/task-pack/lint-task-pack').lintTaskPack(path.join(ROOT, pack));
  return { code: errors.length === 0 ? 0 : 1, output: [...errors, ...warnings].join('\n') };
}

async function runJest(patterns, isDeep) {
  const results = path.join(os.tmpdir(), `assay-test-${randomUUID()}.json`);
  const { startPostgresCluster } = require('@assay/postgres-cluster/postgres-cluster');
  const postgres = await startPostgresCluster({
    dataDir: path.join(os.tmpdir(), `assay-test-postgres-${randomUUID()}`),
    settings: { max_connections: '200' },
    superuser: 'assay',
    password: 'test',
    ephemeral: true,
  });
  const redis = (await redisOnPath())
    ? await startRedis({ dataDir: path.join(os.tmpdir(), `assay-test-redis-${randomUUID()}`), ephemeral: true })
    : null;
  if (!redis) printProgress('No redis-server on this machine: what runs on both queue engines is tested on PostgreSQL only.');
  const ignored = ['/node_modules/', '/dist/', ...(isDeep ? [] : ['\\.deep\\.spec\\.ts$'])];
  const args = [
    '--forceExit',
    // A machine that does much else at the same time is no reason to fail.
    '--testTimeout=120000',
    // Tests that start servers and sandboxes mostly wait.
    `--maxWorkers=${Math.max(2, os.availableParallelism() - 1)}`,
    '--json',
    `--outputFile=${results}`,
    ...ignored.flatMap((pattern) => ['--testPathIgnorePatterns', pattern]),
  ];
  try {
    const { code, output } = await run(
      process.execPath,
      [npmProgram('jest/bin/jest.js'), ...args, ...patterns.flatMap((one) => ['--testPathPatterns', one])],
      {
        cwd: ROOT,
        echo: true,
        // Tests see the servers of this run, never those of whoever runs them.
        env: {
          ...{ ASSAY_TEST_POSTGRES_URL: postgres.url, ASSAY_TEST_REDIS_URL: redis?.url ?? '', DATABASE_URL: '', REDIS_URL: '' },
          ...(isDeep && !process.env.ASSAY_PROPERTY_SEED ? { ASSAY_PROPERTY_SEED: 'random' } : {}),
        },
      },
    );
    return totals(results, code, output);
  } finally {
    rmSync(results, { force: true });
    await redis?.stop();
    await postgres.stop();
  }
}

/** A spec file that could not even be loaded counts as one failure, and so does a jest that died. */
function totals(results, code) {
  if (!existsSync(results)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

runTool(main);
