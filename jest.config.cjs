// Back end tests run as CommonJS; packages that ship only ESM are compiled too, because Jest cannot require() them before Node 24.9.
const fs = require('node:fs');
const path = require('node:path');

const { exclude, $schema, ...swcrc } = JSON.parse(fs.readFileSync(path.join(__dirname, '.swcrc'), 'utf8'));
const esmOnly = ['@nestjs', 'uuid', 'file-type', 'strtok3', 'token-types', 'uint8array-extras', '@borewit'];

module.exports = {
  rootDir: __dirname,
  globalSetup: '<rootDir>/test/support/compile-started-code.cjs',
  testEnvironment: 'node',
  testRegex: '\\.spec\\.ts$',
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  transform: { '^.+\\.(t|j|mj)s$': ['@swc/jest', { ...swcrc, swcrc: false }] },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  moduleNameMapper: {
    '^fast-check$': '<rootDir>/test/support/fast-check.cjs',
    '^@assay/migrations/(.*)$': '<rootDir>/migrations/$1',
    '^@assay/(api|worker|cli|web)/(.*)$': '<rootDir>/apps/$1/src/$2',
    '^@assay/([^/]+)/(.*)$': '<rootDir>/libs/$1/src/$2',
  },
  testTimeout: 30000,
};
