import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openFolder } from '../hostile-project';
import type { Stage } from '../stage';

export interface SecretFile {
  readonly file: string;
  readonly secret: string;
}

/** A file of the judge, outside of every project, that every user of the host may read: only a wall of the sandbox hides it. */
export async function secretFile(stage: Stage): Promise<SecretFile> {
  const file = path.join(await openFolder(stage), 'hidden-checks.json');
  const secret = `secret-${randomUUID()}`;
  await writeFile(file, secret, { mode: 0o644 });
  return { file, secret };
}
