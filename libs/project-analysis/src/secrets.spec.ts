import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findPython } from '@assay/sandbox/runtime/find-python';
import { findSecrets } from './secrets';
import { rulesAndLines, textFiles } from './testing/text-files';
import { readPython } from './tools/read-python';

/** Written in two halves, so that nobody takes this file for a leak. */
const AWS = `${'AKIA'}Q3EGRTLZ7WXN4KDM`;
const GITHUB = `${'ghp'}_a8Fk2LmQ9xZ7pR4tV1wY6cB3nH5jD0sGe8Ku`;
const STRIPE = `${'sk'}_live_9fGh2KlM4nPq7rSt1uVw`;
const KEY = `-----BEGIN ${'RSA PRIVATE'} KEY-----\nMIIEowIBAAKCAQEA7bq3Zf8kPQxW2mNvT9sYcR4uH1jLdG6o\n`;
const RANDOM = 'k9$2vX!qz7Lm4@Rt8wYb';

const MEBIBYTE = 'x'.repeat(1024 * 1024);

describe('the search for secrets', () => {
  const found = (files: Readonly<Record<string, string>>) => findSecrets(textFiles(files));

  it('finds known forms with file, line and without the secret itself', () => {
    const files = {
      'shop/aws.py': `\n# AWS = "${AWS}"\n`,
      'shop/github.yml': `token: ${GITHUB}`,
      'pay.js': `stripe('${STRIPE}')`,
      'deploy/id_rsa': KEY,
      'app.toml': `url = "postgres://shop:${RANDOM.replace('@', '')}@db.shop.eu:5432/shop"`,
    };
    const detections = found(files);
    expect(detections.map(({ rule, file, line }) => `${file}:${line} ${rule}`)).toEqual([
      'app.toml:1 secrets/url-password',
      'deploy/id_rsa:1 secrets/private-key',
      'pay.js:1 secrets/stripe-key',
      'shop/aws.py:2 secrets/aws-access-key',
      'shop/github.yml:1 secrets/github-token',
    ]);
    const told = JSON.stringify(detections);
    for (const secret of [AWS, GITHUB, STRIPE, 'MIIEow', RANDOM.slice(6)]) expect(told).not.toContain(secret);
  });

  it.each([
    ['the example of the documentation', { 'a.py': `KEY = "${'AKIA'}IOSFODNN7EXAMPLE"` }],
    ['a lock file', { 'poetry.lock': AWS }],
    ['an address without a password', { 'a.py': 'postgres://shop@db.shop.eu/shop' }],
    ['an address of a container', { 'compose.yml': 'postgres://shop:k9vXqz7Lm4@db:5432/shop' }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of compose
    ['an address that is filled in', { 'a.yml': 'postgres://shop:${PASSWORD}@db.shop.eu/shop' }],
    ['an address for readers', { 'a.py': 'redis://user:hunter22x@redis.example.com' }],
    ['a public key', { 'a.pem': `-----BEGIN ${'PUBLIC'} KEY-----\nMIIEowIBAAKCAQEA7bq3Zf8kPQxW2mNvT9sYcR4uH1jLdG6o` }],
    ['a key that was left out', { 'a.pem': `-----BEGIN ${'PRIVATE'} KEY-----\n...\n` }],
    ['letters in the middle of others', { 'a.txt': `x${AWS}` }],
    ['a test key of Stripe', { 'a.py': `${'sk'}_test_9fGh2KlM4nPq7rSt1uVw` }],
  ])('leaves %s alone', (_what, files) => {
    expect(found(files)).toEqual([]);
  });

  it('makes notes of what stands in tests and documents', () => {
    const detections = found({ 'tests/test_pay.py': STRIPE, 'docs/pay.md': STRIPE });
    expect(detections.map(({ severity, confidence }) => `${severity} ${confidence}`)).toEqual(['note low', 'note low']);
  });

  it('judges .env files by their values', () => {
    const env = `DEBUG=1\nSECRET_KEY='${RANDOM}'\nDB_PASSWORD=changeme\nAPI_KEY=\nPASSWORD=$OTHER\n# AUTH_TOKEN=${RANDOM}\n`;
    expect(rulesAndLines(found({ '.env': env }))).toEqual(['secrets/env-file 2']);
    expect(found({ '.env.example': env, 'tests/.env': env })).toEqual([]);
  });

  it('is not blinded by what stands before', () => {
    const files = Object.fromEntries([...Array(97).keys()].map((number) => [`a${number}.json`, MEBIBYTE]));
    const detections = found({ ...files, 'z.py': AWS });
    expect(detections.map(({ rule }) => rule)).toEqual(['secrets/not-scanned']);
  });

  describe('in Python', () => {
    let folder: string;
    let python: string;

    beforeAll(async () => {
      python = (await findPython()).executable;
    });
    beforeEach(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    async function inPython(text: string, file = 'settings.py') {
      await writeFile(path.join(folder, file), text);
      const modules = await readPython(python, folder, [file], new AbortController().signal);
      return findSecrets(textFiles({ [file]: text }), modules);
    }

    it('finds values, defaults and dictionary entries', async () => {
      const detections = await inPython(
        [
          'import os',
          'from decouple import config',
          `SECRET_KEY = "${RANDOM}${RANDOM}"`,
          `SECRET_KEY = os.environ.get("SECRET_KEY", "${RANDOM}${RANDOM}")`,
          'SECRET_KEY = os.getenv("SECRET_KEY") or "django-insecure-k9v2vXqz7Lm4Rt8wYb"',
          `DATABASES = {"default": {"USER": "shop", "PASSWORD": "${RANDOM}"}}`,
          `API_KEY = config("API_KEY", default="${RANDOM}")`,
          `client = Client(auth_token="${RANDOM}")`,
        ].join('\n'),
      );
      expect(rulesAndLines(detections)).toEqual([
        'secrets/django-secret-key 3',
        'secrets/django-secret-key 4',
        'secrets/django-secret-key-default 5',
        'secrets/literal 6',
        'secrets/literal 7',
        'secrets/literal 8',
      ]);
      expect(JSON.stringify(detections)).not.toContain(RANDOM);
    });

    it('leaves alone what only looks like one', async () => {
      const detections = await inPython(
        [
          `# SECRET_KEY = "${RANDOM}"`,
          `text = '''SECRET_KEY = "${RANDOM}"'''`,
          'import os',
          'SECRET_KEY = os.environ["SECRET_KEY"]',
          'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]',
          'PASSWORD = "correct-horse"',
          'API_KEY = ""',
          'API_KEY = os.environ.get("API_KEY", "")',
          'password = forms.CharField(label="Password 1 of 2")',
          'LOGIN_URL = "/accounts/login1/"',
          'DATABASES = {"default": {"PASSWORD": "postgres"}}',
        ].join('\n'),
      );
      expect(detections).toEqual([]);
    });

    it('makes a note of keys that only developers use', async () => {
      const detections = await inPython(`if DEBUG:\n    SECRET_KEY = "${RANDOM}${RANDOM}"\n`);
      expect(detections.map(({ severity }) => severity)).toEqual(['note']);
      expect((await inPython(`SECRET_KEY = "${RANDOM}${RANDOM}"\n`, 'local.py')).map(({ severity }) => severity)).toEqual([
        'note',
      ]);
    });
  });
});
