import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GradingReport } from '@assay/contracts/grading-report';
import { createGrader, type Grader } from '@assay/grader/grader';
import { GradingCluster } from '@assay/grader/grading-cluster';
import type { SandboxDriver } from '@assay/sandbox/sandbox';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution } from '@assay/task-pack/solution-overlay';
import type { Stage } from '../stage';

const LIBRARY = path.join(__dirname, '..', '..');
const OVERLAYS = path.join(LIBRARY, 'assets', 'forgeries');
const GUARDED_NOTES = path.join(LIBRARY, 'fixtures', 'guarded-notes');
const LOOSE_CHECKS = path.join(LIBRARY, 'fixtures', 'loose-checks');

/** The real grader with a small pack, on the driver that is being tried. */
export interface Court {
  readonly driver: SandboxDriver;
  readonly cluster: GradingCluster;
  readonly grader: Grader;
  /** `fixtures/guarded-notes`: its starter earns nothing, its reference everything. */
  readonly pack: TaskPack;
  /** The same with the checks of a careless author (`fixtures/loose-checks`). */
  readonly loosePack: TaskPack;
}

/** One for all attacks on a driver. */
export function courtOf(stage: Stage): Promise<Court> {
  return stage.shared('court', openCourt);
}

async function openCourt(stage: Stage): Promise<Court> {
  const folder = await stage.folder();
  const pack = await loadTaskPack(GUARDED_NOTES);
  const loosePack = await makeLoosePack(path.join(folder, 'packs', 'guarded-notes'));
  const workRoot = path.join(folder, 'runs');
  await mkdir(workRoot);
  const driver = stage.driver();
  const cluster = new GradingCluster(() => undefined);
  const grader = createGrader({ sandbox: driver, runtime: stage.runtime, cluster, workRoot });
  stage.defer(() => grader.close());
  await grader.prepare(pack);
  await grader.prepare(loosePack);
  return { driver, cluster, grader, pack, loosePack };
}

async function makeLoosePack(folder: string): Promise<TaskPack> {
  await cp(GUARDED_NOTES, folder, { recursive: true });
  await cp(LOOSE_CHECKS, path.join(folder, 'hidden-checks'), { recursive: true });
  return loadTaskPack(folder);
}

/** What somebody hands in: the starter or the reference, files of `assets/forgeries/<overlay>` over it, and texts by path over these. */
export interface Submission {
  readonly base?: 'starter' | 'reference';
  readonly overlays?: readonly string[];
  /** Folders that are copied over it as well. */
  readonly folders?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

/** Its folder, removed after the attempt. */
export async function buildSubmission(stage: Stage, pack: TaskPack, submission: Submission): Promise<string> {
  const folder = path.join(await stage.folder(), 'project');
  if (submission.base === 'reference') await buildSolution(pack, pack.reference, folder);
  else await cp(pack.starterFolder, folder, { recursive: true });
  const overlays = (submission.overlays ?? []).map((overlay) => path.join(OVERLAYS, overlay));
  for (const overlay of [...overlays, ...(submission.folders ?? [])]) await cp(overlay, folder, { recursive: true });
  for (const [file, text] of Object.entries(submission.files ?? {})) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  return folder;
}

/** Grades a submission as the product does. */
export async function grade(stage: Stage, submission: Submission, pack?: TaskPack): Promise<GradingReport> {
  const court = await courtOf(stage);
  const folder = await buildSubmission(stage, pack ?? court.pack, submission);
  return court.grader.grade({ pack: pack ?? court.pack, folder, signal: stage.signal });
}

/** Points of the checks that passed. */
export function earned(report: GradingReport): number {
  return report.checks.reduce((sum, { status, points }) => sum + (status === 'passed' ? points : 0), 0);
}

/** One line on a report, for people: what it came to, and why the first failed check failed. */
export function describeReport(report: GradingReport): string {
  const passed = report.checks.filter(({ status }) => status === 'passed').map(({ id }) => id);
  const failed = report.checks.find(({ status }) => status !== 'passed');
  const why = report.reason ? ` (${report.reason.code}: ${report.reason.messageForReviewer.slice(0, 150)})` : '';
  const points = `${earned(report)} points${passed.length > 0 ? ` (${passed.join(', ')})` : ''}`;
  return `${report.outcome}${why}, ${points}${failed ? `; ${failed.messageForReviewer.slice(0, 120)}` : ''}`;
}
