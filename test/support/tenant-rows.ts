import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { sql, withConnection } from './sql';

type Values = Readonly<Record<string, unknown>>;

/** What a column of this type gets when the test does not care. */
const FILLERS: Readonly<Record<string, () => unknown>> = {
  uuid: () => randomUUID(),
  text: () => randomUUID(),
  jsonb: () => '{}',
  bytea: () => Buffer.from('x'),
  integer: () => 1,
  numeric: () => 1,
  date: () => '2026-11-01',
  'timestamp with time zone': () => new Date(),
};

/** Tables that hold rows of an organisation, by the catalogue; the column is that of the organisation's id. */
export async function tenantTables(adminUrl: string): Promise<{ table: string; column: string }[]> {
  const found = await sql<{ table: string }>(
    adminUrl,
    `SELECT table_name AS table FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'organisation_id' ORDER BY table_name`,
  );
  return [{ table: 'organisations', column: 'id' }, ...found.map(({ table }) => ({ table, column: 'organisation_id' }))];
}

/**
 * Puts a row of the organisation into every table that holds such rows, past the policies (as superuser). Only what keys and checks
 * ask for is named here.
 */
export async function fillTenantTables(adminUrl: string, organisationId: string, memberId: string): Promise<void> {
  const [candidate, task, evaluation, submission, run, estimate, regrade, practice, assumptionSet] = Array.from(
    { length: 9 },
    () => randomUUID(),
  );
  const sha256 = 'a'.repeat(64);
  const ours = { organisation_id: organisationId };
  await withConnection(adminUrl, async (client) => {
    const [rubric] = (await client.query('SELECT id FROM rubrics LIMIT 1')).rows;
    const graded = { task_version_id: task, rubric_id: rubric.id };
    const rows: readonly [string, Values][] = [
      ['task_versions', { id: task, slug: `task-${task}`, content_hash: sha256, measured_criteria: ['A1'], current: false }],
      ['refresh_tokens', { ...ours, member_id: memberId }],
      ['api_keys', { ...ours, created_by: memberId, scopes: ['tasks:read'] }],
      ['candidates', { ...ours, id: candidate }],
      ['evaluations', { ...ours, ...graded, id: evaluation, candidate_id: candidate }],
      ['invitations', { ...ours, evaluation_id: evaluation }],
      ['submissions', { ...ours, id: submission, evaluation_id: evaluation, archive_sha256: sha256, archive_kind: 'zip' }],
      ['submission_archives', { ...ours, submission_id: submission }],
      ['grading_runs', { ...ours, ...graded, id: run, submission_id: submission }],
      ['grading_reports', { ...ours, grading_run_id: run }],
      [
        'scorecards',
        { ...ours, grading_run_id: run, evaluation_id: evaluation, submission_id: submission, stands: true, counts: true },
      ],
      ['regrades', { ...ours, id: regrade, task_version_id: task }],
      [
        'regrade_items',
        {
          ...ours,
          regrade_id: regrade,
          evaluation_id: evaluation,
          submission_id: submission,
          earlier_run_id: run,
          new_run_id: run,
        },
      ],
      ['practice_runs', { ...ours, id: practice, evaluation_id: evaluation, task_version_id: task, archive_sha256: sha256 }],
      ['practice_archives', { ...ours, practice_run_id: practice }],
      ['cost_estimates', { ...ours, id: estimate }],
      ['cost_estimate_models', { ...ours, cost_estimate_id: estimate, model: 'freelance', currency: 'EUR' }],
      ['assumption_sets', { ...ours, id: assumptionSet }],
      ['assumption_set_versions', { ...ours, assumption_set_id: assumptionSet, created_by_kind: 'member' }],
      ['exchange_rates', { ...ours, currency: 'EUR', created_by_kind: 'member' }],
      [
        'estimate_actuals',
        { ...ours, cost_estimate_id: estimate, model: 'freelance', currency: 'EUR', recorded_by_kind: 'member' },
      ],
      ['audit_events', { ...ours, actor_kind: 'system', sequence: 0 }],
      ['idempotency_keys', ours],
    ];
    for (const [table, values] of rows) await insertRow(client, table, values);
  });
}

async function insertRow(client: Client, table: string, values: Values): Promise<void> {
  const required = await client.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL`,
    [table],
  );
  const fillers = required.rows.map(({ name, type }) => [name, FILLERS[type]?.()]);
  const row = { ...Object.fromEntries(fillers), ...values };
  const names = Object.keys(row);
  await client.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
}
