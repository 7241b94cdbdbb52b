import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.join(__dirname, '..');

/** What every importing file below may name: one file for each room, and one that is legal for nearly all. */
const ROOMS = [
  'apps/api/src/auth/permission.ts',
  'apps/api/src/database/audit.entity.ts',
  'apps/api/src/evaluations/evaluations.entity.ts',
  'apps/api/src/candidates/candidates.entity.ts',
  'apps/api/src/candidates/candidates.queries.ts',
  'apps/api/src/candidates/candidates.controller.ts',
  'apps/api/src/candidates/candidates.service.ts',
  'apps/worker/src/health.ts',
  'libs/archive/src/unpack.ts',
  'libs/attacks/src/attack.ts',
  'libs/audit/src/audit-project.ts',
  'libs/contracts/src/job.ts',
  'libs/cost-model/src/money.ts',
  'libs/grader/src/grade.ts',
  'libs/project-analysis/src/dockerfile.ts',
  'libs/project-analysis/src/tools/hadolint.ts',
  'libs/queue/src/queue.ts',
  'libs/sandbox/src/choose-driver.ts',
  'libs/sandbox/src/sandbox.ts',
  'libs/sandbox/src/zygote.ts',
  'libs/scoring/src/score.ts',
  'libs/task-pack/src/load.ts',
  'libs/testing/src/test-database.ts',
  'migrations/migrate.ts',
];

interface Wall {
  readonly rule: string;
  readonly from: string;
  readonly illegal: readonly string[];
  readonly legal: readonly string[];
}

const WALLS: readonly Wall[] = [
  {
    rule: 'pure-libs-import-only-pure-libs',
    from: 'libs/cost-model/src',
    illegal: ['node:fs', 'zod', '@assay/queue/queue', '@assay/worker/health'],
    legal: ['@assay/scoring/score', '@assay/contracts/job'],
  },
  {
    rule: 'contracts-import-only-pure-libs-and-zod',
    from: 'libs/contracts/src',
    illegal: ['@nestjs/common', 'node:path', 'bullmq', '@assay/archive/unpack'],
    legal: ['zod', '@assay/scoring/score'],
  },
  {
    rule: 'grading-engine-without-frameworks',
    from: 'libs/grader/src',
    illegal: ['@nestjs/common', 'typeorm', 'bullmq', 'ioredis', '@assay/migrations/migrate', '@assay/queue/queue'],
    legal: ['@assay/sandbox/sandbox', '@assay/task-pack/load', '@assay/archive/unpack', '@assay/contracts/job', 'node:fs', 'pg'],
  },
  {
    rule: 'grading-engine-imports-downward',
    from: 'libs/sandbox/src',
    illegal: ['@assay/grader/grade', '@assay/task-pack/load'],
    legal: ['@assay/contracts/job', 'node:net'],
  },
  {
    rule: 'detectors-run-nothing',
    from: 'libs/project-analysis/src/rules',
    illegal: ['node:fs', 'node:child_process', 'pg', '@assay/project-analysis/tools/hadolint', '@assay/archive/unpack'],
    legal: ['smol-toml', 'yaml', 'zod', '@assay/contracts/job', '@assay/project-analysis/dockerfile'],
  },
  {
    rule: 'audit-reads-only',
    from: 'libs/audit/src',
    illegal: ['@assay/grader/grade', '@assay/sandbox/sandbox', '@assay/task-pack/load', 'pg'],
    legal: [
      '@assay/contracts/job',
      '@assay/project-analysis/dockerfile',
      '@assay/project-analysis/tools/hadolint',
      'node:fs',
      'zod',
    ],
  },
  {
    rule: 'estimate-files-of-reports-alone',
    from: 'libs/estimate-export/src/pdf',
    illegal: ['@nestjs/common', 'typeorm', 'node:http', '@assay/queue/queue', '@assay/contracts/job'],
    legal: ['pdfkit', 'node:fs', '@assay/cost-model/money'],
  },
  {
    rule: 'sandboxes-with-all-their-layers',
    from: 'apps/worker/src/grading',
    illegal: ['@assay/sandbox/zygote'],
    legal: ['@assay/sandbox/choose-driver'],
  },
  { rule: 'attacks-in-no-product', from: 'libs/grader/src/faults', illegal: ['@assay/attacks/attack'], legal: ['node:fs'] },
  {
    rule: 'api-without-grader-and-sandbox',
    from: 'apps/api/src/grading',
    illegal: ['@assay/grader/grade', '@assay/sandbox/sandbox'],
    legal: ['@assay/contracts/job', '@assay/task-pack/load', '@assay/queue/queue', '@nestjs/common', 'typeorm'],
  },
  {
    rule: 'worker-without-platform-database',
    from: 'apps/worker/src',
    illegal: ['typeorm', 'pg', '@assay/migrations/migrate', '@assay/api/auth/permission'],
    legal: ['@assay/grader/grade', '@assay/queue/queue', '@nestjs/common'],
  },
  {
    rule: 'web-imports-only-contracts',
    from: 'apps/web/src',
    illegal: ['@assay/scoring/score', '@assay/api/auth/permission', 'typeorm'],
    legal: ['@assay/contracts/job'],
  },
  {
    rule: 'cli-without-servers',
    from: 'apps/cli/src',
    illegal: ['@assay/queue/queue', '@assay/api/auth/permission', '@assay/migrations/migrate', '@nestjs/common'],
    legal: ['@assay/contracts/job', '@assay/grader/grade'],
  },
  {
    rule: 'api-features-keep-their-tables',
    from: 'apps/api/src/evaluations',
    illegal: ['../candidates/candidates.entity', '../candidates/candidates.controller', '../candidates/candidates.queries'],
    legal: ['../candidates/candidates.service', '../auth/permission', '../database/audit.entity', './evaluations.entity'],
  },
  {
    rule: 'libs-without-apps',
    from: 'libs/queue/src',
    illegal: ['@assay/worker/health'],
    legal: ['bullmq', '@assay/contracts/job'],
  },
  {
    rule: 'migrations-stand-alone',
    from: 'migrations',
    illegal: ['@assay/queue/queue', '@assay/api/candidates/candidates.entity'],
    legal: ['@assay/scoring/score', 'typeorm'],
  },
  { rule: 'testing-only-in-tests', from: 'apps/api/src/outbox', illegal: ['@assay/testing/test-database'], legal: ['pg'] },
  { rule: 'no-development-package-in-production', from: 'apps/api/src/http', illegal: ['supertest'], legal: ['helmet'] },
  { rule: 'no-unresolvable', from: 'libs/queue/src', illegal: ['./nowhere'], legal: ['./queue'] },
];

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

describe('walls', () => {
  let tree: string;
  let violations: Violation[];

  function write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    writeFileSync(path.join(tree, file), text);
  }

  const importing = (from: string, name: string): string => `${from}/${name.replace(/[^a-z]+/gi, '-')}-importer.ts`;
  const brokenBy = (file: string): string[] =>
    violations.filter((violation) => violation.from === file).map(({ rule }) => rule.name);

  // One run over one tree: a file for every import, legal or not.
  beforeAll(() => {
    tree = mkdtempSync(path.join(os.tmpdir(), 'assay-walls-'));
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json'])
      cpSync(path.join(ROOT, file), path.join(tree, file));
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(tree, 'node_modules'));
    for (const room of ROOMS) write(room, 'export const here = 1;\n');
    for (const { from, illegal, legal } of WALLS) {
      for (const name of [...illegal, ...legal]) write(importing(from, name), `import '${name}';\n`);
    }
    write('libs/queue/src/egg.ts', `import './hen';\n`);
    write('libs/queue/src/hen.ts', `import './egg';\n`);
    write('libs/queue/src/queue.spec.ts', `import '@assay/testing/test-database';\n`);
    const cruise = spawnSync(
      process.execPath,
      [
        path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
        ...['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'libs', 'migrations'],
      ],
      { cwd: tree, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    if (!cruise.stdout.startsWith('{'))
      throw new Error(`dependency-cruiser failed: ${cruise.stderr}${cruise.stdout.slice(0, 2000)}`);
    const report = JSON.parse(cruise.stdout) as { summary: { violations: Violation[] } };
    violations = report.summary.violations;
  }, 60_000);

  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  for (const wall of WALLS) {
    it.each(wall.illegal)(`${wall.rule}: ${wall.from} may not import %s`, (name) => {
      expect(brokenBy(importing(wall.from, name))).toContain(wall.rule);
    });

    it.each(wall.legal)(`${wall.rule}: ${wall.from} may import %s`, (name) => {
      expect(brokenBy(importing(wall.from, name))).toEqual([]);
    });
  }

  it('no-circular: two files that import each other', () => {
    expect([...brokenBy('libs/queue/src/egg.ts'), ...brokenBy('libs/queue/src/hen.ts')]).toEqual(['no-circular']);
  });

  it('testing-only-in-tests: a spec may use the helpers', () => {
    expect(brokenBy('libs/queue/src/queue.spec.ts')).toEqual([]);
  });

  it('no wall stands without a proof', () => {
    const config = require('../.dependency-cruiser.cjs') as { forbidden: { name: string }[] };
    const proven = new Set([...WALLS.map((wall) => wall.rule), 'no-circular']);
    expect(config.forbidden.map((rule) => rule.name).filter((name) => !proven.has(name))).toEqual([]);
  });
});
