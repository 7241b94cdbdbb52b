/** Health check of the images, which have no curl. Usage: node health.mjs URL; exit code 0 when it answers 200 within 4 seconds. */
const answer = await fetch(process.argv[2], { signal: AbortSignal.timeout(4000) }).catch((error) => ({ ok: false, error }));
if (!answer.ok) {
  process.stderr.write(
    `${process.argv[2]}: ${answer.error ? (answer.error.cause?.message ?? answer.error.message) : answer.status}\n`,
  );
  process.exit(1);
}
