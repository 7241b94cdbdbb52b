import { parseCompose } from './compose';
import { inspectCompose } from './compose-rules';
import { rulesAndLines, textFiles } from './testing/text-files';

const GOOD = `x-web: &web
  image: "shop:1.2"
  environment: { DJANGO_DEBUG: "False" }
services:
  web:
    <<: *web
    build: .
    command: ["gunicorn", "shop.wsgi"]
    environment:
      - SECRET_KEY
      - DATABASE_URL=postgres://shop:\${PASSWORD}@db/shop
    ports: ["127.0.0.1:8000:8000"]
    depends_on:
      db: { condition: service_healthy }
    restart: unless-stopped
  db:
    image: postgres:17.2
    environment: { POSTGRES_PASSWORD: "\${PASSWORD:?}" }
    healthcheck: { test: ["CMD", "pg_isready"] }
    volumes: [data:/var/lib/postgresql/data]
volumes: { data: {} }
`;

describe('a compose file', () => {
  it('is read with merge keys, both forms of lists and lines', () => {
    const { services, volumes, problems } = parseCompose('compose.yaml', GOOD);
    expect(problems).toEqual([]);
    expect(volumes).toEqual(['data']);
    const [web, db] = services;
    expect(web).toMatchObject({
      name: 'web',
      line: 5,
      image: 'shop:1.2',
      build: { context: '.', dockerfile: 'Dockerfile', line: 7 },
      command: ['gunicorn', 'shop.wsgi'],
      ports: [{ host: '127.0.0.1', published: '8000', target: '8000', line: 12 }],
      dependsOn: [{ service: 'db', condition: 'service_healthy', line: 14 }],
      restart: 'unless-stopped',
    });
    expect(web?.environment.map(({ name, value, line }) => [name, value, line])).toEqual([
      ['SECRET_KEY', null, 10],
      ['DATABASE_URL', 'postgres://shop:$' + '{PASSWORD}@db/shop', 11],
    ]);
    expect(db).toMatchObject({ hasHealthCheck: true, volumes: [{ text: 'data:/var/lib/postgresql/data', line: 20 }] });
  });

  it.each([
    ['no YAML', 'services: [', /./],
    ['nothing', '', /no services/],
    ['aliases that multiply', bomb(), /multiply/],
    ['brackets without end', `a: ${'['.repeat(60_000)}`, /./],
    ['too much', 'a: 1\n'.repeat(100_000), /too long/],
    ['a list where services should be', 'services:\n- a\n- b\n', /no services/],
  ])('has a problem when it is %s', (_what, text, message) => {
    expect(parseCompose('compose.yaml', text).problems[0]?.message).toMatch(message);
  });
});

describe('rules for a compose file', () => {
  const inspect = (text: string, file = 'compose.yaml'): string[] =>
    rulesAndLines(inspectCompose(textFiles({ [file]: text, Dockerfile: 'FROM a:1' }), file));

  it('have nothing against a good one', () => {
    expect(inspect(GOOD)).toEqual([]);
  });

  it.each([
    ['an image without a version', 'services:\n  a:\n    image: redis\n', ['compose/image-not-pinned 3']],
    [
      'a store for the whole world',
      'services:\n  a:\n    image: redis:7\n    ports:\n    - 6379:6379\n',
      ['compose/store-on-all-addresses 5'],
    ],
    ['a store for this machine', 'services:\n  a:\n    image: redis:7\n    ports:\n    - 127.0.0.1:6379:6379\n', []],
    ['a secret', 'services:\n  a:\n    image: b:1\n    environment:\n      API_KEY: k9vXqz7Lm4Rt8wYb\n', ['compose/secret 5']],
    ['a name', 'services:\n  a:\n    image: b:1\n    environment:\n      DB_PASSWORD: paperless\n', []],
    [
      'what everybody knows',
      'services:\n  a:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: postgres\n',
      [],
    ],
    ['a secret in a comment', 'services:\n  a:\n    image: b:1\n    # API_KEY: k9vXqz7Lm4Rt8wYb\n', []],
    ['all rights', 'services:\n  a:\n    image: b:1\n    privileged: true\n', ['compose/privileged 4']],
    [
      'the socket of Docker',
      'services:\n  a:\n    image: b:1\n    volumes:\n    - /var/run/docker.sock:/s:ro\n',
      ['compose/docker-socket 5'],
    ],
    ['an unknown service', 'services:\n  a:\n    image: b:1\n    depends_on:\n    - c\n', ['compose/refused 5']],
    ['a Dockerfile that is not there', 'services:\n  a:\n    build:\n      context: ./web\n', ['compose/refused 3']],
    ['nothing to start', 'services:\n  a:\n    command: x\n', ['compose/refused 2']],
  ])('judge %s', (_what, text, expected) => {
    expect(inspect(text)).toEqual(expected);
  });

  it('let an overlay name what stands below it', () => {
    expect(inspect('services:\n  a:\n    command: x\n    depends_on: [b]\n', 'docker-compose.override.yml')).toEqual([]);
  });
});

function bomb(): string {
  const rows = [...Array(12).keys()].map((number) => `a${number + 1}: &a${number + 1} [${`*a${number},`.repeat(9)}]`);
  return `a0: &a0 [x]\n${rows.join('\n')}\n`;
}
