/**
 * Puts the native addon of @swc/core in the place of the self-unpacking one that npm installs: that one unpacks itself into a cache
 * when it is first loaded, and a read-only container has no place for it. Usage: node unpack-swc.cjs (with write access to node_modules)
 */
const { chmodSync, copyFileSync, mkdtempSync, readdirSync, renameSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const cache = mkdtempSync(path.join(os.tmpdir(), 'swc-'));
process.env.SWC_NATIVE_BINDING_CACHE = cache;
require('@swc/core');

const [unpacked] = readdirSync(cache, { recursive: true }).filter((name) => name.endsWith('.node'));
const [installed] = Object.keys(require.cache).filter((file) => /@swc[\\/]core-.*\.node$/.test(file));
if (!unpacked || !installed)
  throw new Error(`@swc/core unpacked ${unpacked ?? 'nothing'} of ${installed ?? 'no addon'}: look at its loader`);
copyFileSync(path.join(cache, unpacked), `${installed}.unpacked`);
// The cache is private to the user who fills it.
chmodSync(`${installed}.unpacked`, 0o755);
renameSync(`${installed}.unpacked`, installed);
rmSync(cache, { recursive: true });
