// Stands before fast-check in every spec: the same cases each time, so that a commit that changes nothing fails nothing. `npm run test:deep`
// tries others each time. A failure prints its seed, and ASSAY_PROPERTY_SEED repeats it.
const fc = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

const seed = process.env.ASSAY_PROPERTY_SEED ?? '1';
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });

module.exports = fc;
