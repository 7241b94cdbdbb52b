import tseslint from 'typescript-eslint';

/** What the promises of a program need types to check. Format and plain lint are biome's, imports dependency-cruiser's. */
const promises = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

const pureLibs = ['contracts', 'scoring', 'cost-model', 'lifecycle', 'statistics', 'report-export'].map(
  (name) => `libs/${name}/src/**/*.ts`,
);
const specs = ['**/*.spec.ts', 'libs/testing/**'];

const notPure = 'Pure libraries know no clock, no chance and no surroundings: hand the value in.';
const impureNames = ['process', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'crypto', 'fetch', 'require'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', 'task-packs/*/*/starter/**'] },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts', 'migrations/**/*.ts', 'test/**/*.ts', 'task-packs/**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: promises,
  },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: pureLibs,
    ignores: specs,
    rules: {
      'no-restricted-globals': ['error', ...impureNames.map((name) => ({ name, message: notPure }))],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: notPure },
        { object: 'Math', property: 'random', message: notPure },
      ],
      'no-restricted-syntax': ['error', { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: notPure }],
    },
  },
  {
    files: ['apps/{api,worker}/src/**/*.ts'],
    ignores: specs,
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[object.name="process"][property.name="env"]:not(CallExpression[callee.name="readConfig"] > *)',
          message: 'config.ts alone reads the environment; an entry point hands it over: readConfig(process.env).',
        },
      ],
    },
  },
);
