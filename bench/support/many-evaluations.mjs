import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const CANDIDATES = 20_000;

/**
 * Fills the recruiter's organisation and a second one with evaluations of every status, written at times that alternate between the two.
 * @param count evaluations of each organisation
 */
export async function insertManyEvaluations({ adminUrl, recruiter, count }) {
  const { Client } = require('pg');
  const { organisation } = await recruiter.get('/me');
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query("INSERT INTO organisations (name) VALUES ('The other one') RETURNING id");
    const both = [organisation.id, rows[0].id];
    await client.query(
      `INSERT INTO candidates (organisation_id, name, email)
       SELECT organisation, 'Candidate ' || n, 'candidate-' || n || '@bench.example'
         FROM generate_series(1, $2::int) AS n, unnest($1::uuid[]) AS organisation`,
      [both, CANDIDATES],
    );
    await client.query(
      `INSERT INTO evaluations (id, organisation_id, candidate_id, task_version_id, rubric_id, role, time_box_minutes, created_by,
                                created_at, invited_at, started_at, submitted_at, graded_at, closes_at)
       SELECT uuidv7(written.at - now()), candidate.organisation_id, candidate.id, task.id, rubric.id, 'Senior Django developer', 180,
              member.id, written.at,
              CASE WHEN n % 6 > 0 THEN written.at + interval '1 minute' END,
              CASE WHEN n % 6 > 1 THEN written.at + interval '1 day' END,
              CASE WHEN n % 6 > 2 THEN written.at + interval '27 hours' END,
              CASE WHEN n % 6 > 3 THEN written.at + interval '28 hours' END,
              CASE WHEN n % 3 = 0 THEN now() + interval '14 days' END
         FROM generate_series(1, $2::int) AS n
        CROSS JOIN unnest($1::uuid[]) AS organisation
        CROSS JOIN LATERAL (SELECT now() - interval '2 years' * (1 - n / ($2::float8 + 1)) AS at) AS written
         JOIN candidates candidate ON candidate.organisation_id = organisation
                                  AND candidate.email = 'candidate-' || (1 + n % $3::int) || '@bench.example'
        CROSS JOIN (SELECT id FROM task_versions WHERE slug = 'bookshop' AND current) AS task
        CROSS JOIN (SELECT id FROM rubrics LIMIT 1) AS rubric
        CROSS JOIN (SELECT id FROM members LIMIT 1) AS member
        ORDER BY n`,
      [both, count, CANDIDATES],
    );
    await client.query('VACUUM (ANALYZE) candidates, evaluations');
    const found = await client.query(
      'SELECT organisation_id AS id, count(*)::int AS count FROM evaluations GROUP BY organisation_id',
    );
    return { organisationId: organisation.id, inserted: found.rows };
  } finally {
    await client.end();
  }
}
