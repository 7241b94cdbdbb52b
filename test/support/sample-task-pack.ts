import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What of the sample pack nobody but the grader may see. */
export const HIDDEN = {
  checkId: 'a2-secret-check',
  title: 'The hidden title',
  expected: 'the-hidden-expected-value',
  passed: 'The hidden praise',
  failed: 'The hidden blame',
};

export interface SamplePack {
  readonly slug: string;
  readonly version?: string;
  readonly title?: string;
  readonly prompt?: string;
  /** Writes a pack that loads and fails its lint. */
  readonly poor?: boolean;
}

/** Writes a small task pack to `<root>/django/<slug>`, over the one that may be there; returns its folder. */
export async function writeSamplePack(root: string, pack: SamplePack): Promise<string> {
  const folder = path.join(root, 'django', pack.slug);
  const files = {
    'task.yaml': taskYaml(pack),
    'prompt.md': pack.prompt ?? `# ${pack.slug}\n\nMake the list fast.\n`,
    'starter/manage.py': 'print("manage")\n',
    'starter/shop/settings.py': 'DEBUG = False\n',
    'visible-checks/test_list.py': 'def test_list():\n    pass\n',
    'hidden-checks/orm.ts': `export const checks = { '${HIDDEN.checkId}': async () => { return '${HIDDEN.expected}'; } };\n`,
    'reference/shop/views.py': '# reference\n',
    'data/seed.sql': 'SELECT 1;\n',
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}

function taskYaml(pack: SamplePack): string {
  return `id: ${pack.slug}
version: ${pack.version ?? '1.0.0'}
title: ${pack.title ?? `The ${pack.slug}`}
summary: A small sample.
timeBoxMinutes: 90
framework: { name: django, settings: shop.settings, wsgi: shop.wsgi }
database: { engine: postgresql, seed: [${pack.poor ? 'missing.sql' : 'seed.sql'}] }
environment: { DJANGO_DEBUG: "False" }
limits: { startSeconds: 30, runSeconds: 60, requestSeconds: 5, memoryMiB: 512, processes: 64 }
files: { editable: ["**"], readOnly: ["manage.py"], hidden: [] }
users: {}
checks:
  - id: ${HIDDEN.checkId}
    file: orm.ts
    title: ${HIDDEN.title}
    criterion: A2
    level: 2
    points: 3
    visibility: after_decision
    passed: ${HIDDEN.passed}
    failed: ${HIDDEN.failed}
`;
}
