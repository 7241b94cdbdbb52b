import { directivesNamed, inForceAt, locationsOf, parseNginx } from './nginx';
import { inspectNginx, nginxFilesOf } from './nginx-rules';
import { rulesAndLines, textFiles } from './testing/text-files';

const GOOD = `upstream app { server web:8000; }
server {
    listen 80;
    server_name shop.example;
    client_max_body_size 10m;
    add_header X-Frame-Options DENY always;
    proxy_set_header Host $host;
    location /static/ { alias /srv/static/; }
    location ~* \\.php$ { return 404; }
    location / {
        proxy_pass http://app;
        proxy_read_timeout 30s; # seconds
        set $x "a;{b} # c \${y}";
    }
}
`;
const parse = (text: string, others: Readonly<Record<string, string>> = {}) =>
  parseNginx(textFiles({ 'nginx.conf': text, ...others }), 'nginx.conf');

describe('a configuration of nginx', () => {
  it('is read with blocks, quotes, comments and lines', () => {
    const config = parse(GOOD);
    expect(config.problems).toEqual([]);
    expect(directivesNamed(config.directives, 'proxy_read_timeout')).toMatchObject([{ args: ['30s'], line: 12 }]);
    expect(directivesNamed(config.directives, 'set')[0]?.args).toEqual(['$x', 'a;{b} # c $' + '{y}']);
    expect(locationsOf(config.directives).map(({ modifier, path }) => [modifier, path])).toEqual([
      ['', '/static/'],
      ['~*', '\\.php$'],
      ['', '/'],
    ]);
  });

  it('gives to a location what is set around it, or only its own', () => {
    const config = parse('server { a 1; a 2; b 1; location / { a 3; location /x { c 1; } } }');
    const [outer, inner] = locationsOf(config.directives);
    if (!outer || !inner) throw new Error('no locations');
    expect(inForceAt(inner, 'a').map(({ args }) => args[0])).toEqual(['3']);
    expect(inForceAt(inner, 'b').map(({ args }) => args[0])).toEqual(['1']);
    expect(inForceAt(outer, 'c')).toEqual([]);
  });

  it('takes files of the project in the place of include, and no file for itself', () => {
    const config = parse('http { include /etc/nginx/conf.d/*.conf; include mime.types; }', {
      'nginx/conf.d/shop.conf': 'server { listen 80; }',
    });
    expect(directivesNamed(config.directives, 'listen')).toMatchObject([{ file: 'nginx/conf.d/shop.conf' }]);
    expect(directivesNamed(config.directives, 'include').map(({ args }) => args[0])).toEqual(['mime.types']);
    const loop = textFiles({ 'nginx/a.conf': 'include b.conf;', 'nginx/b.conf': 'include a.conf;' });
    expect(directivesNamed(parseNginx(loop, 'nginx/a.conf').directives, 'listen')).toEqual([]);
  });

  it.each([
    ['a block without an end', 'server {\n  listen 80;\n', 'the block of "server" has no "}"'],
    ['a brace too many', 'server { }\n}\n', 'unexpected "}"'],
    ['a directive without an end', 'server { listen 80 }', '"listen" has no ";"'],
    ['a directive without an end at the end', 'listen 80', '"listen" has no ";"'],
    ['a sign that stands alone', 'server { ; }', 'unexpected ";"'],
    ['blocks without end', 'a {'.repeat(30_000), 'there are too many directives'],
    ['more than a person writes', 'a b;\n'.repeat(60_000), 'the file is too long'],
  ])('has a problem when it is %s', (_what, text, message) => {
    expect(parse(text).problems.map((problem) => problem.message)).toContain(message);
  });

  it('lets code of another language be', () => {
    const config = parse('server { content_by_lua_block {\n if x then { y; z }\n}\n listen 80;\n}');
    expect(config.problems).toEqual([]);
    expect(directivesNamed(config.directives, 'listen')).toMatchObject([{ line: 4 }]);
  });
});

describe('rules for nginx', () => {
  const inspect = (text: string): string[] => rulesAndLines(inspectNginx(textFiles({ 'nginx.conf': text }), 'nginx.conf'));

  it('have nothing against a good one', () => {
    expect(inspect(GOOD)).toEqual([]);
  });

  it.each([
    ['a way out of the folder', 'location /static { alias /srv/static/; }', ['nginx/alias-escape 1']],
    ['no way out', 'location /static { alias /srv/static; }', []],
    ['headers that get lost', 'add_header X-Frame-Options DENY;\nlocation / {\nadd_header X-A b;\n}', ['nginx/headers-lost 3']],
    [
      'headers that are repeated',
      'add_header X-Frame-Options DENY;\nlocation / {\nadd_header X-A b;\nadd_header x-frame-options DENY;\n}',
      [],
    ],
    ['a host that is forgotten', 'location / {\nproxy_pass http://app;\n}', ['nginx/host-not-forwarded 2']],
    ['storage, which needs no host', 'location /static/ { proxy_pass http://storage; }', []],
    ['a host under another name', 'location / { proxy_set_header X-Forwarded-Host $host; proxy_pass http://app; }', []],
    ['a host that is set around', 'proxy_set_header Host $host;\nlocation / { proxy_pass http://app; }', []],
    [
      'a host that is set and lost',
      'proxy_set_header Host $host;\nlocation / {\nproxy_set_header X-A b;\nproxy_pass http://app;\n}',
      ['nginx/host-not-forwarded 4'],
    ],
    [
      'a host in a comment',
      'location / {\n# proxy_set_header Host $host;\nproxy_pass http://app;\n}',
      ['nginx/host-not-forwarded 3'],
    ],
    ['bodies without a limit', 'client_max_body_size 0;', ['nginx/no-body-limit 1']],
    ['old encryption', 'ssl_protocols TLSv1 TLSv1.2;', ['nginx/old-tls 1']],
    ['lists of files', 'autoindex on;', ['nginx/autoindex 1']],
  ])('judge %s', (_what, text, expected) => {
    expect(inspect(text)).toEqual(expected);
  });

  it('look at the file that includes the others', () => {
    const files = textFiles({
      'deploy/nginx/nginx.conf': 'http { include sites/*.conf; }',
      'deploy/nginx/sites/shop.conf': 'server {}',
      'a.conf': '',
    });
    expect(nginxFilesOf(files)).toEqual(['deploy/nginx/nginx.conf']);
  });
});
