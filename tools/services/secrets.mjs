import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const NAMES = [
  'postgresPassword',
  'ownerPassword',
  'apiPassword',
  'queuePassword',
  'jwtSecret',
  'runTokenSecret',
  'demoPassword',
];

/**
 * The installation's secrets, made on the first start and kept in `<dataDir>/secrets.json`, readable by this user only. A name that a
 * newer version needs is added; what is there stays.
 */
export function installationSecrets(dataDir) {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, 'secrets.json');
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const missing = NAMES.filter((name) => !known[name]);
  if (missing.length === 0) return known;
  const secrets = { ...known, ...Object.fromEntries(missing.map((name) => [name, randomBytes(24).toString('base64url')])) };
  // Written beside and linked into place: a file that exists is complete.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  rmSync(file, { force: true });
  linkSync(draft, file);
  rmSync(draft);
  return secrets;
}
