/**
 * Checks docker/ and docker-compose.yml as far as that is possible without a container engine. Usage: node tools/lint-images.mjs
 * Prints a line for each check; exit code 1 when one fails.
 */
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, printProgress, runTool } from './bootstrap.mjs';
import { assayHome, npmProgram, ROOT } from './setup/paths.mjs';
import { run } from './setup/run.mjs';

const require = createRequire(import.meta.url);
const COMPOSE_FILE = 'docker-compose.yml';
const PROFILE = 'docker/worker-seccomp.json';
const PINNED = /^[^\s:@]+:[^\s:@]+@sha256:[0-9a-f]{64}$/;

/**
 * Runs all checks, with the packages installed and the projects built.
 * @param onProgress gets one line for each: `PASS title`, `FAIL title` with the reasons, `SKIP title` with what is missing
 * @returns `{ passed, failed, problems }`: counts, and title and reasons of what failed
 */
export async function lintImages({ onProgress = printProgress } = {}) {
  const problems = [];
  let passed = 0;
  const check = async (title, examine) => {
    const reasons = await examine();
    if (reasons.length === 0) passed += 1;
    else problems.push(`${title}\n${reasons.join('\n')}`);
    onProgress(reasons.length === 0 ? `PASS ${title}` : `FAIL ${title}\n${reasons.join('\n')}`);
  };
  const { hadolint } = await require('@assay/sandbox/runtime').prepareRuntime({ home: assayHome(), onProgress });
  for (const file of dockerfiles())
    await check(`${file} (hadolint)`, () => complaints(hadolint, ['--no-color', '--failure-threshold', 'style', file]));
  await check('images are pinned by tag and digest', () => unpinnedImages());
  await check(`${COMPOSE_FILE} (dclint)`, () =>
    complaints(process.execPath, [
      npmProgram('dclint/bin/dclint.cjs'),
      '--max-warnings',
      '0',
      '--config',
      'docker/dclint.json',
      COMPOSE_FILE,
    ]),
  );
  await check(`${PROFILE} allows what a submission may call`, () => callsMissingInProfile());
  const compose = await composeProgram(onProgress);
  if (compose === null) onProgress(`SKIP ${COMPOSE_FILE} (docker compose config): no docker compose on this machine`);
  else await checkCompose(compose, check);
  return { passed, failed: problems.length, problems };
}

const dockerfiles = () =>
  readdirSync(path.join(ROOT, 'docker'))
    .filter((name) => name.endsWith('.Dockerfile'))
    .map((name) => `docker/${name}`);

/** What a linter printed when it was not content. */
async function complaints(command, args, env = {}) {
  const { code, output } = await run(command, args, { cwd: ROOT, env });
  return code === 0 ? [] : [output.trim() || `${command} ended with code ${code}`];
}

/** Stages of the same file and the images that we build ourselves need no pin. */
function unpinnedImages() {
  const used = dockerfiles().flatMap((file) => {
    const lines = readFileSync(path.join(ROOT, file), 'utf8').split('\n');
    const stages = lines.flatMap((line) => /^FROM .* AS (\S+)$/.exec(line)?.[1] ?? []);
    const images = lines.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? []);
    return images.filter((image) => !stages.includes(image)).map((image) => ({ file, image }));
  });
  for (const service of Object.values(readCompose().services)) {
    if (!service.image.startsWith('assay-')) used.push({ file: COMPOSE_FILE, image: service.image });
  }
  return used.filter(({ image }) => !PINNED.test(image)).map(({ file, image }) => `${file}: ${image} has no tag and digest`);
}

const readCompose = () => require('yaml').parse(readFileSync(path.join(ROOT, COMPOSE_FILE), 'utf8'), { merge: true });

/** A container's filter stays on inside a sandbox: what it refuses would make a submission fail in a container only. */
function callsMissingInProfile() {
  const { ALLOWED_CALLS, EXAMINED_CALLS } = require('@assay/sandbox/seccomp/system-calls');
  const profile = JSON.parse(readFileSync(path.join(ROOT, PROFILE), 'utf8'));
  const allowed = new Set(profile.syscalls.filter(({ action }) => action === 'SCMP_ACT_ALLOW').flatMap(({ names }) => names));
  const wanted = [...Object.keys(ALLOWED_CALLS), ...Object.keys(EXAMINED_CALLS)];
  return wanted.filter((name) => !allowed.has(name)).map((name) => `${name} is missing in ${PROFILE}`);
}

async function checkCompose(compose, check) {
  const secrets = requiredVariables();
  const values = Object.fromEntries(secrets.map((name) => [name, 'a'.repeat(32)]));
  const config = (env) => complaints(compose[0], [...compose.slice(1), '--file', COMPOSE_FILE, 'config'], env);
  await check(`${COMPOSE_FILE} (${compose.join(' ')} config)`, () => config(values));
  await check(`${COMPOSE_FILE} names a secret that is not set`, async () => {
    const answers = secrets.map(async (name) => {
      const said = (await config({ ...values, [name]: '' })).join('\n');
      return said.includes(`${name} is not set, see docker/.env.example`)
        ? []
        : [`without ${name} it said: ${said || 'nothing'}`];
    });
    return (await Promise.all(answers)).flat();
  });
}

/** The variables without a value in docker/.env.example, which must be the ones that the compose file insists on. */
function requiredVariables() {
  const example = readFileSync(path.join(ROOT, 'docker', '.env.example'), 'utf8');
  return [...example.matchAll(/^([A-Z_]+)=$/gm)].map(([, name]) => name);
}

/** Command and first arguments of Compose, which reads a file without an engine; installed from Debian's packages as root. */
async function composeProgram(onProgress) {
  const candidates = [['docker', 'compose'], ['docker-compose']];
  const find = async () => {
    for (const [command, ...args] of candidates)
      if ((await run(command, [...args, 'version'])).code === 0) return [command, ...args];
    return null;
  };
  const found = await find();
  if (found || process.getuid?.() !== 0) return found;
  onProgress("Installing docker-compose from the system's packages");
  const apt = (...args) =>
    run('apt-get', [...args, '-o', 'DPkg::Lock::Timeout=300'], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', 'docker-compose');
  return find();
}

async function main() {
  await ensureInstalled({ need: { runtime: true } });
  const { passed, failed } = await lintImages({ onProgress: (line) => process.stdout.write(`${line}\n`) });
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) runTool(main);
