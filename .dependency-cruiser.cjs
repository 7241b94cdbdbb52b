/**
 * The walls of the house (docs/ARCHITECTURE.md). Each is proven by an illegal import in test/walls.spec.ts.
 * Paths are relative to the repository; npm packages match by `npm('name')`.
 */
const PURE = '(contracts|scoring|cost-model|lifecycle|statistics|report-export)';
const npm = (...names) => `(^|node_modules/)(${names.join('|')})(/|$)`;
const FRAMEWORKS = npm('@nestjs', 'typeorm', 'bullmq', 'ioredis', 'express');
const TESTS = ['\\.spec\\.ts$', '^libs/testing/', '^(apps|libs)/[^/]+/(fixtures|testing)/'];

/** One wall: what stands on one side never imports what stands on the other. */
const wall = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    wall('no-circular', 'Two files that import each other cannot be understood apart.', {}, { circular: true }),
    wall('no-unresolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
    wall(
      'pure-libs-import-only-pure-libs',
      'Scores and estimates are replayed years later: no package, no Node, no input but what is handed in.',
      { path: `^libs/${PURE}/src/`, pathNot: ['^libs/contracts/', ...TESTS] },
      { pathNot: `^libs/${PURE}/src/` },
    ),
    wall(
      'contracts-import-only-pure-libs-and-zod',
      'What crosses a process must load in every process.',
      { path: '^libs/contracts/src/', pathNot: TESTS },
      { pathNot: [`^libs/${PURE}/src/`, npm('zod')] },
    ),
    wall(
      'grading-engine-without-frameworks',
      'The engine also runs from the command line, without platform, queue or database mapper.',
      { path: '^libs/(grader|sandbox|task-pack|archive|attacks|project-analysis|audit)/src/', pathNot: TESTS },
      { path: [FRAMEWORKS, '^migrations/', '^libs/queue/'] },
    ),
    wall(
      'grading-engine-imports-downward',
      'The grader uses sandbox, packs and archives, never the other way, nor one of them another but packs the archive.',
      { path: '^libs/(sandbox|task-pack|archive|project-analysis)/src/', pathNot: TESTS },
      { path: '^libs/(grader|sandbox|task-pack)/src/', pathNot: ['^libs/$1/', '^libs/grader/src/check-api\\.ts$'] },
    ),
    wall(
      'detectors-run-nothing',
      'Detectors look at texts that strangers wrote, in the judge process too; only their tools start a program or open a file.',
      { path: '^libs/project-analysis/src/', pathNot: ['^libs/project-analysis/src/tools/', ...TESTS] },
      { pathNot: ['^libs/(project-analysis|contracts)/src/(?!tools/)', npm('smol-toml', 'yaml', 'zod')] },
    ),
    wall(
      'audit-reads-only',
      'The audit looks at files of strangers and runs nothing of theirs: it has no use for what does.',
      { path: '^libs/audit/src/', pathNot: TESTS },
      { path: ['^libs/(?!audit/|contracts/|project-analysis/)', npm('pg')] },
    ),
    wall(
      'estimate-files-of-reports-alone',
      'A file of an estimate is made of its report and of fonts that are installed: no platform, no network, no clock of its own.',
      { path: '^libs/estimate-export/src/', pathNot: TESTS },
      {
        pathNot: ['^libs/(estimate-export|cost-model)/src/', npm('pdfkit', '@types/pdfkit', 'dejavu-fonts-ttf'), '^(node:)?fs$'],
      },
    ),
    wall(
      'sandboxes-with-all-their-layers',
      'A driver can be made without a layer to prove an attack; what is chosen by `choose-driver` has all of them.',
      { path: '^(apps|libs)/', pathNot: ['^libs/(sandbox|attacks)/', '^libs/grader/fixtures/', ...TESTS] },
      { path: '^libs/sandbox/src/(zygote|bubblewrap)\\.ts$' },
    ),
    wall(
      'attacks-in-no-product',
      'What attacks the product is no part of it.',
      { path: '^(apps|libs)/', pathNot: ['^libs/attacks/', ...TESTS] },
      { path: '^libs/attacks/' },
    ),
    wall(
      'api-without-grader-and-sandbox',
      "Nothing of a candidate's runs beside the platform database.",
      { path: '^apps/api/src/', pathNot: TESTS },
      { path: '^libs/(grader|sandbox)/' },
    ),
    wall(
      'worker-without-platform-database',
      "A worker that a candidate's code broke out into finds no way to the platform's data.",
      { path: '^apps/worker/src/', pathNot: TESTS },
      { path: [npm('typeorm', '@nestjs/typeorm', 'pg'), '^migrations/', '^apps/api/'] },
    ),
    wall(
      'web-imports-only-contracts',
      'The browser speaks HTTP; it shares no code with the servers.',
      { path: '^apps/web/src/', pathNot: TESTS },
      { path: ['^apps/(?!web/)', '^libs/', '^migrations/', FRAMEWORKS], pathNot: '^libs/contracts/' },
    ),
    wall(
      'cli-without-servers',
      'The command line speaks HTTP to the platform; authors also get the engine, which runs without one.',
      { path: '^apps/cli/src/', pathNot: TESTS },
      { path: ['^apps/(?!cli/)', '^libs/queue/', '^migrations/', FRAMEWORKS] },
    ),
    wall(
      'api-features-keep-their-tables',
      "A feature's rows and routes are its own business: others ask its service.",
      { path: '^apps/api/src/([^/]+)/', pathNot: TESTS },
      {
        path: '^apps/api/src/[^/]+/.*\\.(entity|controller|queries)\\.ts$',
        pathNot: '^apps/api/src/($1|auth|database|http|outbox)/',
      },
    ),
    wall(
      'libs-without-apps',
      'Libraries serve applications, not the other way.',
      { path: '^libs/', pathNot: TESTS },
      { path: '^apps/' },
    ),
    wall(
      'migrations-stand-alone',
      'A migration must mean the same after the code around it has changed.',
      { path: '^migrations/', pathNot: TESTS },
      { path: ['^apps/', '^libs/'], pathNot: `^libs/${PURE}/src/` },
    ),
    wall(
      'testing-only-in-tests',
      'Helpers for specs are no part of the product.',
      { path: '^(apps|libs|migrations)/', pathNot: TESTS },
      { path: '^libs/testing/' },
    ),
    wall(
      'no-development-package-in-production',
      'The production image has no development packages.',
      { path: '^(apps|libs|migrations)/', pathNot: TESTS },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: npm('@types') },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^((apps|libs)/[^/]+|migrations)/dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
