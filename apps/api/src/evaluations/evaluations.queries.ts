import type { EntityManager } from 'typeorm';

export interface TaskName {
  readonly id: string;
  readonly slug: string;
  readonly version: string;
}

/** Slug and version of task versions, by their id. */
export async function selectTaskNames(manager: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, TaskName>> {
  const rows = (await manager.query('SELECT id, slug, version FROM task_versions WHERE id = ANY($1)', [ids])) as TaskName[];
  return new Map(rows.map((row) => [row.id, row]));
}
