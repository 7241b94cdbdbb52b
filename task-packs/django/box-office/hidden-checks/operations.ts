import type { Checks } from '@assay/grader/check-api';

export const checks: Checks = {
  'c1-nothing-for-the-deployment-check': async ({ settings, http, expect }) => {
    const { ids } = await settings.deployCheck();
    expect.same(ids, [], 'Django has nothing to say about the settings');
    const answer = await http.get('/api/events/', { as: 'visitor' });
    expect.status(answer, 200, 'the project answers');
    expect.equal(answer.headers['x-content-type-options'], 'nosniff', 'with the header against guessed types');
    expect.equal(answer.headers['x-frame-options'], 'DENY', 'with the header against frames');
    expect.ok(/max-age=\d{8,}/.test(answer.headers['strict-transport-security'] ?? ''), 'and stays on HTTPS');
    // What settings say of themselves shows in what is sent.
    const cookies = (await http.get('/admin/login/', { as: 'visitor' })).headers['set-cookie'] ?? '';
    expect.ok(cookies === '' || /;\s*secure\b/i.test(cookies), 'cookies go over HTTPS only');
  },

  'c1-plain-http-is-redirected': async ({ http, expect }) => {
    const plain = await http.get('/api/events/');
    expect.status(plain, [301, 302, 307, 308], 'a request that did not come through HTTPS is redirected');
    expect.equal(plain.headers.location, 'https://localhost/api/events/', 'to the same place on HTTPS');
    expect.status(await http.get('/api/events/', { as: 'visitor' }), 200, 'one that did is answered');
  },

  'e1-gunicorn-serves-the-project': async ({ gunicorn, expect, http }) => {
    const server = await gunicorn.serve({ config: 'gunicorn.conf.py' });
    const behind = await server.http.get('/api/events/1/', { as: 'visitor' });
    expect.status(behind, 200, 'gunicorn answers with its configuration');
    const direct = await http.get('/api/events/1/', { as: 'visitor' });
    expect.same(behind.json(), direct.json(), 'what the project answers');
    await server.stop();
  },

  'e2-image-is-fit-for-production': async ({ deployment, expect }) => {
    const image = deployment.image();
    expect.same(image.unpinned, [], 'every base image has a version');
    expect.equal(image.runsAsRoot, false, 'the process does not run as root');
    expect.ok(image.usesStages, 'dependencies have a stage of their own');
    expect.ok(image.hasHealthCheck, 'there is a health check');
    expect.ok(
      image.command.some((word) => word.includes('gunicorn')),
      'it runs gunicorn',
    );
  },

  'e4-does-not-start-without-its-secret': async ({ boot, expect }) => {
    const without = await boot.start({ without: ['DJANGO_SECRET_KEY'] });
    expect.ok(!without.isServing, 'without DJANGO_SECRET_KEY the project does not start');
    const complete = await boot.start();
    expect.ok(complete.isServing, 'with the documented environment it does');
  },

  'e4-debug-is-really-off': async ({ boot, expect, http }) => {
    const own = await http.get('/api/bookings/', { as: 'alice' });
    expect.status(own, 200, 'own bookings are listed');
    expect.ok(own.statementCount > 0, 'whoever asks is looked up in the database');
    const off = await boot.start({ environment: { DJANGO_DEBUG: 'False' } });
    expect.ok(off.isServing && !(await off.showsDebugPage()), 'DJANGO_DEBUG=False shows nothing of the inside');
    const missing = await boot.start({ without: ['DJANGO_DEBUG'] });
    expect.ok(missing.isServing && !(await missing.showsDebugPage()), 'nor does it when the variable is missing');
  },

  'e4-static-files-are-collected': async ({ staticFiles, expect }) => {
    const collected = await staticFiles.collect();
    const admin = await collected.library('admin');
    expect.ok(admin.expected > 0 && admin.missing.length === 0, 'the files of the admin site are collected');
  },

  'e5-errors-are-reported-with-their-release': async ({ database, http, monitoring, expect }) => {
    await monitoring.clear();
    expect.status(await http.post('/api/selftest/', { as: 'sam', body: {} }), 500, 'the self-test fails');
    const [event] = await monitoring.events();
    expect.ok(event?.exceptions.some(({ type }) => type === 'RuntimeError') === true, 'the error arrives');
    expect.equal(event?.release, 'box-office@7.3.1', 'with the release that runs');
    // One that nobody could foresee.
    await monitoring.clear();
    await database.query('ALTER TABLE sales_booking RENAME COLUMN customer_id TO lost_id');
    try {
      expect.status(await http.get('/api/me/', { as: 'alice' }), 500, 'a request that the database cannot answer fails');
      const [unforeseen] = await monitoring.events();
      expect.ok(
        unforeseen?.exceptions.some(({ message }) => message.includes('customer_id')) === true,
        'its error arrives as well',
      );
    } finally {
      await database.query('ALTER TABLE sales_booking RENAME COLUMN lost_id TO customer_id');
    }
  },

  'e5-nothing-personal-is-reported': async ({ http, monitoring, expect }) => {
    await monitoring.clear();
    const headers = { authorization: 'Token 5a35a35a35a35a35a35a35a35a35a35a35a35a35', cookie: 'visit=cookie-canary-2291' };
    const body = { note: 'body-canary-7718', email: 'canary@person.example' };
    expect.status(
      await http.post('/api/selftest/?q=query-canary-3364', { as: 'sam', headers, body }),
      500,
      'the self-test fails',
    );
    const events = await monitoring.events();
    expect.ok(events.length > 0, 'the error arrives');
    const personal = [
      '5a35a35a35a35a35a35a35a35a35a35a35a35a35',
      'cookie-canary-2291',
      'body-canary-7718',
      'canary@person.example',
      'query-canary-3364',
      'sam@boxoffice.example',
    ];
    expect.same(monitoring.leaks(personal), [], 'without anything of the person, or of what was sent');
  },
};
