import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { type PythonRuntime, prepareRuntime } from '../runtime';
import { assayHome } from '../runtime-paths';
import { DEFAULT_LIMITS, type RunningSandbox, type SandboxDriver, type SandboxLimits, type SandboxSpec } from '../sandbox';

/** Time for a first build of the runtime, in milliseconds. */
export const BUILD_TIMEOUT = 15 * 60_000;

/** The runtime of the machine's default home, which start, test and grade share. */
export function sharedRuntime(): Promise<PythonRuntime> {
  return prepareRuntime({ home: assayHome(process.env, os.homedir()) });
}

/** A Django project that runs the Python sent to it and answers with its variable `answer` as JSON. */
const TINY_PROJECT: Readonly<Record<string, string>> = {
  'tiny/__init__.py': '',
  'tiny/settings.py': `
SECRET_KEY = "tiny"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tiny.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "tiny"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/db.sqlite3"}}
`,
  'tiny/wsgi.py': 'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
  'tiny/urls.py': `
from django.http import JsonResponse
from django.urls import path

def run(request):
    names = {}
    try:
        exec(request.body.decode(), names)
        return JsonResponse({"answer": names.get("answer")})
    except BaseException as error:
        return JsonResponse({"raised": f"{type(error).__name__}: {error}"})

urlpatterns = [path("run/", run)]
`,
};

export interface TestSandbox extends RunningSandbox {
  /** Runs Python in the submission's process; gives its variable \`answer\`, or \`{ raised }\`. */
  run(python: string): Promise<unknown>;
  /** Host process numbers of the sandbox's own processes, without those of its driver. */
  processes(): Promise<number[]>;
}

/** Folders and sandboxes of one spec file; `cleanUp` in `afterEach` or `afterAll`. */
export class TinyProjects {
  private readonly folders: string[] = [];
  private readonly sandboxes: RunningSandbox[] = [];
  private readonly driver: SandboxDriver;

  /**
   * @param make makes the driver that `start` uses unless it is given another one
   * @param parent folder in which all is made
   */
  constructor(
    make: () => SandboxDriver,
    private readonly parent: string = os.tmpdir(),
  ) {
    this.driver = make();
  }

  /** @param files replace or add to the tiny project */
  async spec(files: Readonly<Record<string, string>> = {}, limits: Partial<SandboxLimits> = {}): Promise<SandboxSpec> {
    const folder = await mkdtemp(path.join(this.parent, 'assay-sandbox-'));
    this.folders.push(folder);
    const [projectDir, workDir] = [path.join(folder, 'project'), path.join(folder, 'work')];
    await mkdir(workDir);
    for (const [name, text] of Object.entries({ ...TINY_PROJECT, ...files })) {
      await mkdir(path.dirname(path.join(projectDir, name)), { recursive: true });
      await writeFile(path.join(projectDir, name), text);
    }
    return {
      runtime: await sharedRuntime(),
      projectDir,
      workDir,
      databaseSocketDir: null,
      redisSocketDir: null,
      warmStart: null,
      environment: { MARK: randomUUID() },
      wsgi: 'tiny.wsgi',
      settings: 'tiny.settings',
      migrate: false,
      limits: { ...DEFAULT_LIMITS, ...limits },
    };
  }

  async start(spec: SandboxSpec, driver: SandboxDriver = this.driver): Promise<TestSandbox> {
    const sandbox = await driver.start(spec);
    this.sandboxes.push(sandbox);
    return Object.assign(sandbox, {
      run: (python: string) => post(sandbox.httpSocket, python),
      processes: () => processesShowing(spec.projectDir),
    });
  }

  /** After all tests. */
  async close(): Promise<void> {
    await this.cleanUp();
    await this.driver.close();
  }

  async cleanUp(): Promise<void> {
    for (const sandbox of this.sandboxes.splice(0)) await sandbox.kill();
    for (const folder of this.folders.splice(0)) await rm(folder, { recursive: true, force: true });
  }
}

async function post(socketPath: string, python: string): Promise<unknown> {
  const text = await new Promise<string>((resolve, reject) => {
    const headers = { host: 'localhost', 'content-length': Buffer.byteLength(python) };
    const request = http.request({ socketPath, path: '/run/', method: 'POST', headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString('utf8');
      });
      response.on('end', () => resolve(body));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(python);
  });
  const reply: { answer?: unknown; raised?: string } = JSON.parse(text);
  return reply.raised === undefined ? reply.answer : { raised: reply.raised };
}

/** Host process numbers whose environment has the mark. */
export function processesWith(mark: string): Promise<number[]> {
  return processesOf('environ', (environment) => environment.includes(mark));
}

/** Host process numbers to which a folder of this name is shown as `/app`. */
export function processesShowing(projectDir: string): Promise<number[]> {
  const place = `${path.join(path.basename(path.dirname(projectDir)), path.basename(projectDir))} /app `;
  return processesOf('mountinfo', (mounts) => mounts.includes(place));
}

async function processesOf(file: string, fits: (text: string) => boolean): Promise<number[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    numbers.map(async (number) => {
      const text = await readFile(`/proc/${number}/${file}`, 'latin1').catch(() => '');
      return fits(text) ? [Number(number)] : [];
    }),
  );
  return found.flat();
}
