import type { Checks } from '@assay/grader/check-api';
import { BOOKS, SHOWN, shownBook } from './support/catalogue';
import { readBuildableImage, readImage, startCommand } from './support/dockerfile';
import { codeOf } from './support/python';

function isTestFile(file: string): boolean {
  return /(^|\/)(tests?|visible-checks)(\/|\.py$)|(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/.test(file);
}

/** What only stands in files counts when the project works: each check ends with a book that it shows. */
export const checks: Checks = {
  'e1-served-by-gunicorn': async (context) => {
    const { files, expect } = context;
    const { final } = readImage(context);
    const command = startCommand(final, files);
    expect.ok(/(^|[\s/])gunicorn(\s|$)/.test(command), 'the image starts gunicorn');
    expect.ok(
      /\bbookshop\.wsgi\b/.test(command) || /wsgi_app\s*=\s*["']bookshop\.wsgi/.test(files.read('gunicorn.conf.py') ?? ''),
      'for bookshop.wsgi',
    );
    expect.ok(!/\brunserver\b/.test(command), "and not Django's development server");
    expect.ok(/^gunicorn\b/im.test(files.read('requirements.txt') ?? ''), 'requirements.txt names gunicorn');
    await shownBook(context);
  },

  'e2-image-builds': async (context) => {
    const { files, expect } = context;
    const { stages, final } = readBuildableImage(context);
    const runs = stages.flatMap((stage) => stage.instructions).filter((instruction) => instruction.name === 'RUN');
    const install = runs.find((run) => /\b(pip3?|uv|poetry|pipenv)\b[^\n]{0,200}?\b(install|sync)\b/.test(run.text));
    expect.ok(install !== undefined, 'a RUN installs the dependencies');
    for (const [, name = ''] of (install?.text ?? '').matchAll(/(?:-r|--requirement)[\s=]+(\S+)/g)) {
      const base = name.split('/').at(-1);
      expect.ok(
        files.list().some((file) => file.split('/').at(-1) === base),
        `the requirements file "${name}" is in the project`,
      );
    }
    const copies = final.instructions.filter((instruction) => /^(COPY|ADD)$/.test(instruction.name));
    expect.ok(copies.length > 0, 'the project is copied into the image');
    expect.ok(startCommand(final, files) !== '', 'the image says what to run');
    await shownBook(context);
  },

  'e2-image-is-pinned-and-unprivileged': async (context) => {
    const { expect } = context;
    const { stages, final } = readBuildableImage(context);
    const aliases = stages.map((stage) => stage.alias);
    for (const { base, instructions } of stages.filter((stage) => !aliases.includes(stage.base.toLowerCase()))) {
      expect.at('Dockerfile', instructions[0]?.line);
      const tag = /^[^\s@]+?:([^:/@]+)(@sha256:[0-9a-f]{64})?$/.exec(base)?.[1];
      const pinned = /@sha256:[0-9a-f]{64}$/.test(base) || (tag !== undefined && /\d+\.\d+/.test(tag) && !/latest/.test(tag));
      expect.ok(base === 'scratch' || pinned, `the base image "${base}" is pinned to a version`);
    }
    const user = final.instructions.filter((instruction) => instruction.name === 'USER').at(-1);
    expect.at('Dockerfile', user?.line);
    expect.ok(user !== undefined, 'the last stage sets a USER');
    expect.ok(!/^["']?(root|0)["']?(:|$)/i.test(user?.text ?? 'root'), 'which is not root');
    await shownBook(context);
  },

  'e2-image-has-stages-and-a-health-check': async (context) => {
    const { expect } = context;
    const { stages, final } = readBuildableImage(context);
    expect.ok(stages.length >= 2, 'the image is built in more than one stage');
    const taken = final.instructions.some((instruction) => instruction.name === 'COPY' && /--from=/.test(instruction.text));
    const inherited = stages.some((stage) => stage !== final && stage.alias === final.base.toLowerCase());
    expect.ok(taken || inherited, 'the last stage takes something from another one');
    const health = final.instructions.filter((instruction) => instruction.name === 'HEALTHCHECK').at(-1);
    expect.at('Dockerfile', health?.line);
    expect.ok(health !== undefined && /\bCMD\b/.test(health.text), 'the image has a health check');
    await shownBook(context);
  },

  'e4-no-secret-in-the-repository': async (context) => {
    const { files, findings, expect } = context;
    const sources = files.list().filter((file) => file.endsWith('.py') && !isTestFile(file));
    const finding = findings.find((found) => /^S10[567]$/.test(found.rule) && !isTestFile(found.file));
    if (finding) expect.at(finding.file, finding.line);
    expect.equal(finding?.rule, undefined, 'no password or key stands in the code');
    let readFromEnvironment = false;
    for (const file of sources) {
      const code = codeOf(files.read(file) ?? '');
      if (/\bSECRET_KEY\s*=\s*[rbf]?["'][^"'\n]/.test(code)) expect.at(file);
      expect.ok(!/\bSECRET_KEY\s*=\s*[rbf]?["'][^"'\n]/.test(code), 'the secret key does not stand in the code');
      const fallback =
        /["']DJANGO_SECRET_KEY["']\s*,\s*(?:default\s*=\s*)?[rbf]?["'][^"'\n]+["']|["']DJANGO_SECRET_KEY["'][^\n]{0,200}\)\s*or\s*["']/;
      if (fallback.test(code)) expect.at(file);
      expect.ok(!fallback.test(code), 'the secret key has no fallback in the code');
      if (/["']DJANGO_SECRET_KEY["']/.test(code)) {
        readFromEnvironment = true;
        expect.at(file);
      }
    }
    expect.ok(readFromEnvironment, 'the secret key is read from DJANGO_SECRET_KEY');
    const dotenv = files.list().find((file) => /(^|\/)\.env(\.(?!example$|sample$|template$|dist$)[^/]*)?$/.test(file));
    expect.equal(dotenv, undefined, 'no .env file is handed in');
    await shownBook(context);
  },

  'e4-debug-is-really-off': async (context) => {
    const { http, expect } = context;
    await shownBook(context);
    const answer = await http.get('/no-such-page/', { as: 'visitor' });
    expect.status(answer, 404, 'a page that does not exist');
    expect.ok(
      !/URLconf|DEBUG\s*=\s*True|Traceback/.test(answer.text),
      'its answer tells nothing about the inside of the project',
    );
  },

  'e4-only-known-hosts-are-served': async (context) => {
    const { http, expect } = context;
    await shownBook(context);
    const answer = await http.get(`${BOOKS}${SHOWN}/`, { as: 'visitor', headers: { host: 'localhost.evil.example' } });
    expect.status(answer, 400, 'a host name that is not in DJANGO_ALLOWED_HOSTS is refused');
  },
};
