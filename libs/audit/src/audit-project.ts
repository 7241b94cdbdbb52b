import { createHash } from 'node:crypto';
import type { AuditFinding, AuditReport } from '@assay/contracts/audit-report';
import type { ProjectFiles } from '@assay/project-analysis/project-files';
import { readPython } from '@assay/project-analysis/tools/read-python';
import { NOT_JUDGED } from './not-judged';
import { ProductionSettings } from './production-settings';
import type { ProjectFacts } from './project-facts';
import { filesOf, listTree } from './project-tree';
import { readProject, UnreadableProject } from './read-project';
import { judgeCode } from './rules/code-rules';
import { judgeDeployment } from './rules/deployment-rules';
import { judgeSettings } from './rules/judge-settings';
import type { RawFinding } from './rules/rule';
import { judgeTests } from './rules/test-rules';

/** Raised when the same files may give other findings. */
export const AUDITOR_VERSION = '1';

const SEVERITIES = ['error', 'warning', 'note'];
/** Findings of one rule in one project: more of the same tell nothing new. */
const MAX_OF_A_RULE = 200;
const MAX_LEFT_OUT = 50;
const TOO_MUCH_TEXT = { what: 'a part of the texts', why: 'there are too many to look for secrets in all' };

export interface AuditRequest {
  /** Absolute path of the project; nobody else writes to it meanwhile. */
  readonly folder: string;
  readonly source: AuditReport['source'];
  /** A Python 3 with its standard library; its version decides what is Python. */
  readonly python: string;
  readonly signal: AbortSignal;
}

/**
 * What can be said of a Django project from its files. Nothing of it is imported, run or asked for over the network.
 * Rejects only with faults that are not the project's.
 */
export async function auditProject({ folder, source, python, signal }: AuditRequest): Promise<AuditReport> {
  const tree = await listTree(folder);
  const files = filesOf(folder, tree);
  const pythonFiles = tree.files.filter((file) => file.endsWith('.py'));
  const empty = {
    version: 1 as const,
    source,
    lookedAt: [{ what: 'files', count: tree.files.length }],
    auditorVersion: AUDITOR_VERSION,
  };
  const refuse = (code: string, message: string): AuditReport => ({
    ...empty,
    outcome: 'ungradable',
    reason: { code, message },
    project: null,
    leftOut: tree.leftOut.slice(0, MAX_LEFT_OUT),
    findings: [],
    notJudged: [],
  });
  if (pythonFiles.length === 0) return refuse('no-python', 'There is no Python file. Give the folder of a Django project.');
  let facts: ProjectFacts;
  try {
    facts = await readProject(python, folder, tree.files, signal);
  } catch (error) {
    if (error instanceof UnreadableProject) return refuse('unreadable', error.message);
    throw error;
  }
  if (facts.manageFolder === null && facts.settings === null)
    return refuse(
      'no-django-project',
      'There is neither a manage.py of Django nor a settings module. Give the folder of a Django project.',
    );
  const modules = await readPython(python, folder, modulesToRead(facts, pythonFiles), signal);
  const deployment = judgeDeployment(files, modules);
  const settings = facts.settings && new ProductionSettings(facts.settings);
  const raw = [
    ...(settings
      ? judgeSettings(settings, {
          hasProxy: deployment.nginxFiles > 0 || hasOtherProxy(tree.files),
          imports: new Set(facts.imports),
        })
      : []),
    ...judgeCode([...facts.code, ...facts.migrations]),
    ...judgeTests(facts),
    ...deployment.findings,
  ];
  const isForDevelopment = settings !== null && settings.certainty === null;
  return {
    ...empty,
    outcome: 'audited',
    reason: null,
    project: {
      manageFolder: facts.manageFolder,
      settingsFile: facts.settings?.file ?? null,
      settingsChosenBecause: facts.settings?.chosenBecause ?? null,
    },
    lookedAt: [
      ...empty.lookedAt,
      { what: 'Python files', count: pythonFiles.length },
      { what: 'settings modules that were evaluated', count: facts.settings?.modules.length ?? 0 },
      { what: 'Dockerfiles', count: deployment.dockerfiles },
      { what: 'compose files', count: deployment.composeFiles },
      { what: 'nginx configurations', count: deployment.nginxFiles },
      { what: 'CI pipelines', count: deployment.pipelines },
      { what: 'test functions', count: facts.tests.functions },
    ],
    leftOut: [
      ...tree.leftOut,
      ...(deployment.isScannedWhole ? [] : [TOO_MUCH_TEXT]),
      ...facts.problems.map(({ file, why }) => ({ what: file, why })),
    ].slice(0, MAX_LEFT_OUT),
    findings: inOrder(fingerprinted(bounded(raw), files)),
    notJudged: [
      ...(settings === null || isForDevelopment || facts.settings?.open
        ? [{ criterion: 'C1' as const, why: whyNoSettings(facts) }]
        : []),
      ...NOT_JUDGED,
    ],
  };
}

function whyNoSettings({ settings }: ProjectFacts): string {
  if (settings === null) return 'No settings module was found.';
  return settings.open
    ? `Settings are completed by something that was not seen: ${settings.open}.`
    : `Only settings for development are there: ${settings.file}.`;
}

/** Settings and configurations of gunicorn: where values decide. */
function modulesToRead(facts: ProjectFacts, pythonFiles: readonly string[]): string[] {
  const wanted = new Set([...facts.settingsModules, ...(facts.settings?.modules ?? [])]);
  return pythonFiles.filter((file) => wanted.has(file) || /(^|\/)gunicorn[^/]*\.py$/.test(file));
}

function hasOtherProxy(files: readonly string[]): boolean {
  return files.some((file) =>
    /(^|\/)(Caddyfile|traefik[^/]*\.(ya?ml|toml)|[^/]*nginx[^/]*|haproxy\.cfg|httpd\.conf|\.htaccess|fly[^/]*\.toml|app\.ya?ml|render\.yaml|Procfile)$/i.test(
      file,
    ),
  );
}

function bounded(found: readonly RawFinding[]): RawFinding[] {
  const counts = new Map<string, number>();
  return found.filter(({ rule }) => {
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    return count <= MAX_OF_A_RULE;
  });
}

function fingerprinted(found: readonly RawFinding[], files: ProjectFiles): AuditFinding[] {
  const seen = new Map<string, number>();
  const texts = new Map<string, readonly string[]>();
  return found.map((one) => {
    const lines = texts.get(one.file) ?? files.read(one.file)?.split('\n') ?? [];
    texts.set(one.file, lines);
    const identity = JSON.stringify([one.rule, one.file, lines[one.line - 1]?.trim() ?? '']);
    const number = seen.get(identity) ?? 0;
    seen.set(identity, number + 1);
    return { ...one, fingerprint: createHash('sha256').update(`${identity}${number}`).digest('hex') };
  });
}

function inOrder(findings: readonly AuditFinding[]): AuditFinding[] {
  const rank = ({ severity }: AuditFinding): number => SEVERITIES.indexOf(severity);
  const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...findings].sort(
    (a, b) =>
      text(a.criterion, b.criterion) ||
      rank(a) - rank(b) ||
      text(a.file, b.file) ||
      a.line - b.line ||
      text(a.rule, b.rule) ||
      text(a.message, b.message),
  );
}
