import type { Checks } from '@assay/grader/check-api';

export const checks: Checks = {
  'e1-nginx-stands-in-front': async ({ deployment, expect }) => {
    const nginx = deployment.nginx('deploy/nginx.conf');
    const [application] = nginx.proxied;
    expect.ok(application !== undefined && application.path === '/', 'all requests are handed on');
    if (!application) return;
    const headers = new Map(
      nginx.inForce(application, 'proxy_set_header').map(({ args: [name = '', value = ''] }) => [name.toLowerCase(), value]),
    );
    expect.ok(/^\$(http_)?host$/.test(headers.get('host') ?? ''), 'with the host that was asked for');
    expect.ok(headers.has('x-forwarded-proto'), 'and the protocol');
    const serves = nginx.locations.find(({ path }) => /^\/static\b/.test(path));
    const folder = serves && [...nginx.inForce(serves, 'alias'), ...nginx.inForce(serves, 'root')];
    expect.ok((folder?.length ?? 0) > 0, 'static files are served by nginx itself');
    const [patience] = nginx.inForce(application, 'proxy_read_timeout');
    const seconds = Number(/^(\d+)s?$/.exec(patience?.args[0] ?? '')?.[1] ?? 0);
    const timeout = deployment.gunicorn().settings.get('timeout')?.value;
    expect.ok(seconds > 0, 'how long nginx waits is said');
    expect.ok(typeof timeout !== 'number' || seconds >= timeout, 'and is no shorter than what gunicorn gives a request');
  },

  'e3-ci-tests-before-it-deploys': async ({ deployment, expect }) => {
    const ci = deployment.pipelines();
    expect.ok(ci.steps('tests').length > 0, 'the tests are run');
    expect.ok(ci.steps('lint').length > 0, 'a linter is run');
    expect.ok(ci.steps('migration-check').length > 0, 'missing migrations are looked for');
    expect.ok(ci.deployments.length > 0, 'it deploys');
    for (const { afterTests, isConditional } of ci.deployments) {
      expect.ok(afterTests, 'only when the tests passed');
      expect.ok(isConditional, 'and not from everywhere');
    }
  },
};
