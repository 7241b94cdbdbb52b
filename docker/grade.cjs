/** Grades inside the worker's image without queue and API, to see whether its sandbox works. Usage: node grade.cjs PACK SUBMISSION [--json] */
const { main } = require('@assay/cli/main');

main(process.argv.slice(2)).then((code) => process.exit(code));
