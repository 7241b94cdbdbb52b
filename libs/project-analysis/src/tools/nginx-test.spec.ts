import { existsSync } from 'node:fs';
import { findPython } from '@assay/sandbox/runtime/find-python';
import { parseNginx } from '../nginx';
import { renderNginx } from '../nginx-rendering';
import { textFiles } from '../testing/text-files';
import { findNginx, testNginx } from './nginx-test';

const nginx = findNginx();
const withNginx = nginx === null ? describe.skip : describe;

describe('what nginx is given to look at', () => {
  const render = (text: string): string =>
    renderNginx(parseNginx(textFiles({ 'nginx.conf': text }), 'nginx.conf').directives, '/folder').text;

  it('loads nothing, opens nothing, listens nowhere and asks for no name', () => {
    const text = render(
      [
        'load_module /app/evil.so; error_log /etc/passwd; pid /etc/pid; env SECRET; user root;',
        'http { include /etc/shadow; access_log /etc/passwd; proxy_cache_path /etc keys_zone=a:1m; client_body_temp_path /etc/x;',
        'upstream app { server web.internal:8000 max_fails=2; }',
        'server { listen 80; listen [::]:443 ssl; ssl_certificate /etc/key; auth_basic_user_file /etc/shadow; perl x; js_import /app/x.js;',
        'location / { proxy_pass https://web.internal:8000/x; content_by_lua_block { os.execute("x") } } } }',
      ].join('\n'),
    );
    expect(text).not.toMatch(/evil|passwd|shadow|\/etc|SECRET|internal|lua|perl|js_import|ssl|listen 80/);
    expect(text).toMatch(/proxy_pass "http:\/\/127\.0\.0\.1:8000\/x"/);
  });

  it('gives no word the power to end its directive', () => {
    const text = render(`set $a "x; } load_module '/evil.so'; \\" ; load_module /evil.so; #";\nadd_header 'a\\' b' "c\\\\";`);
    const [, , , ...rest] = parseNginx(textFiles({ a: text }), 'a').directives;
    expect(rest.map(({ name }) => name)).not.toContain('load_module');
    expect(text.split('\n').filter((line) => line.startsWith('set'))).toHaveLength(1);
  });
});

withNginx('nginx -t', () => {
  let python: string;

  beforeAll(async () => {
    python = (await findPython()).executable;
  });

  const test = (text: string, others: Readonly<Record<string, string>> = {}) =>
    testNginx(
      { nginx: nginx ?? '', python },
      textFiles({ 'nginx.conf': text, ...others }),
      'nginx.conf',
      new AbortController().signal,
    );

  it.each([
    [
      'a site',
      'upstream app { server web:8000; }\nserver {\nlisten 80;\nlisten 443 ssl http2;\nlocation / { proxy_pass http://app; proxy_set_header Host $host; }\n}',
    ],
    [
      'a whole configuration',
      'user nginx;\nevents { }\nhttp {\ninclude mime.types;\nserver { listen 80 default_server; return 301 https://$host$request_uri; }\n}',
    ],
    [
      'conditions, maps and patterns',
      'map $http_upgrade $up { default upgrade; "" close; ~^a{1,2}$ b; }\nserver { if ($request_method = POST) { return 405; } location ~* \\.(js|css)$ { expires 7d; } }',
    ],
    [
      'what may be defined by what it was not given',
      'server { return 200 $country; location / { limit_req zone=elsewhere; proxy_cache x; } }',
    ],
  ])('has nothing against %s', async (_what, text) => {
    expect(await test(text)).toBeNull();
  });

  it.each([
    ['a wrong place', 'server {\nproxy_pass http://app;\n}', 2, /not allowed here/],
    ['a wrong number of arguments', 'server {\nlocation / {\nproxy_read_timeout;\n}\n}', 3, /number of arguments/],
    ['a wrong value', 'server {\nclient_max_body_size ten;\n}', 2, /invalid value/],
    ['two of what may be there once', 'server {\nroot /a;\nroot /b;\n}', 3, /duplicate/],
    [
      'two default servers',
      'server {\nlisten 80 default_server;\n}\nserver {\nlisten 80 default_server;\n}',
      5,
      /duplicate default server/,
    ],
  ])('refuses %s', async (_what, text, line, message) => {
    expect(await test(text)).toEqual({ config: 'nginx.conf', file: 'nginx.conf', line, message: expect.stringMatching(message) });
  });

  it('names the file that was included', async () => {
    const refusal = await test('http { include conf.d/*.conf; }', { 'nginx/conf.d/a.conf': '\nserver { gzip maybe; }' });
    expect(refusal).toMatchObject({ file: 'nginx/conf.d/a.conf', line: 2 });
  });

  it('writes no file for a stranger', async () => {
    await test('error_log /tmp/assay-written-by-nginx;\nhttp { access_log /tmp/assay-written-by-nginx; server { listen 80; } }');
    expect(existsSync('/tmp/assay-written-by-nginx')).toBe(false);
  });
});
