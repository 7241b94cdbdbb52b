import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const CHANNEL = 'bench_run_ended';
const GIVE_UP_MS = 120_000;

/**
 * Tells when a submission's run has its outcome. The database says so itself, by a trigger of this benchmark: asking the API again and
 * again would take CPU time from what is measured.
 * @returns a function from the id of a submission to a promise of `{ outcome, reason, requestedAt }`, the time in milliseconds since 1970
 */
export async function watchRuns({ adminUrl, resources }) {
  const { Client } = require('pg');
  const client = resources.keep(new Client({ connectionString: adminUrl }), (started) => started.end());
  await client.connect();
  await client.query(`
    CREATE FUNCTION ${CHANNEL}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_notify('${CHANNEL}', NEW.submission_id::text);
      RETURN NULL;
    END $$;
    CREATE TRIGGER ${CHANNEL} AFTER UPDATE ON grading_runs FOR EACH ROW WHEN (NEW.outcome IS NOT NULL) EXECUTE FUNCTION ${CHANNEL}();
    LISTEN ${CHANNEL}`);
  return async (submissionId) => {
    let heard = () => undefined;
    let timer = null;
    const told = new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`The run had no outcome after ${GIVE_UP_MS / 1000} seconds.`)), GIVE_UP_MS);
      heard = ({ payload }) => payload === submissionId && resolve();
    });
    client.on('notification', heard);
    try {
      const known = await selectRun(client, submissionId);
      if (known.outcome !== null) return known;
      await told;
      return await selectRun(client, submissionId);
    } finally {
      clearTimeout(timer);
      client.off('notification', heard);
    }
  };
}

async function selectRun(client, submissionId) {
  const { rows } = await client.query('SELECT outcome, reason, requested_at FROM grading_runs WHERE submission_id = $1', [
    submissionId,
  ]);
  const [{ outcome, reason, requested_at: requestedAt }] = rows;
  return { outcome, reason, requestedAt: requestedAt.getTime() };
}
