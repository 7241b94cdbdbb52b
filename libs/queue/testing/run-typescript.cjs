// node run-typescript.cjs FILE.ts: runs an uncompiled program of ours in a process of its own, for specs that kill it.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { transformSync } = require('@swc/core');

const root = path.join(__dirname, '..', '..', '..');
const { exclude, $schema, ...swcrc } = JSON.parse(fs.readFileSync(path.join(root, '.swcrc'), 'utf8'));

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(fs.readFileSync(filename, 'utf8'), { ...swcrc, swcrc: false, filename, sourceMaps: 'inline' });
  module._compile(code, filename);
};

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => {
  const [, project, file] = /^@assay\/([^/]+)\/(.+)$/.exec(request) ?? [];
  const home = ['libs', 'apps'].map((folder) => path.join(root, folder, project ?? '')).find((folder) => fs.existsSync(folder));
  return resolve(project && home ? path.join(home, 'src', file) : request, ...rest);
};

require(path.resolve(process.argv[2]));
