import { type GradingReport, gradingReportSchema } from '@assay/contracts/grading-report';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TenantDatabase } from '../database/tenant-database';
import { storableJson } from './storable-json';

/** The evidence of grading runs: written once, parsed again whenever it is read. */
@Injectable()
export class GradingReportsService {
  constructor(private readonly database: TenantDatabase) {}

  async store(manager: EntityManager, organisationId: string, runId: string, report: GradingReport): Promise<void> {
    await manager.query('INSERT INTO grading_reports (grading_run_id, organisation_id, report) VALUES ($1, $2, $3)', [
      runId,
      organisationId,
      storableJson(report),
    ]);
  }

  /** The stored evidence of a run, or null when it has none (yet). */
  async selectOptionalReport(organisationId: string, runId: string): Promise<GradingReport | null> {
    return this.database.inOrganisation(organisationId, async (manager) => {
      const rows = (await manager.query('SELECT report FROM grading_reports WHERE grading_run_id = $1', [runId])) as {
        report: unknown;
      }[];
      return rows[0] ? gradingReportSchema.parse(rows[0].report) : null;
    });
  }
}
