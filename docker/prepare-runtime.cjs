/** Builds the Python runtime into an image, by the same code as on any machine. Usage: node prepare-runtime.cjs ASSAY_HOME */
const { prepareRuntime } = require('../libs/sandbox/dist/runtime.js');

const onProgress = (line) => process.stdout.write(`${line}\n`);
prepareRuntime({ home: process.argv[2], onProgress }).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
