import { decimalsOf, fromUnits, unitsOf } from '@assay/cost-model/currency';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import type { EstimateReport, ReportedBreakdown, ReportedModel } from '@assay/cost-model/estimate-report';
import { HIRING_MODELS } from '@assay/cost-model/project';
import { mapLines } from '@assay/cost-model/reported-breakdown';
import { type EntityManager, In } from 'typeorm';
import type { BasedOn, CostEstimate, CostEstimateSummary, EstimatedModel, UsedAssumptionSet } from './cost-estimate';
import { CostEstimateEntity, CostEstimateModelEntity } from './cost-estimate.entity';

export interface NewEstimate {
  readonly organisationId: string;
  readonly createdBy: string;
  readonly name: string | null;
  readonly input: EstimateInput;
  readonly report: EstimateReport;
  readonly assumptionSet: UsedAssumptionSet | null;
  readonly basedOn: BasedOn | null;
}

/** Writes an estimate and its models. @returns its id */
export async function insertEstimate(manager: EntityManager, estimate: NewEstimate): Promise<string> {
  const { organisationId, createdBy, name, input, report, assumptionSet, basedOn } = estimate;
  const { project, assumptions, breakEvens, claims, warnings, currency, exchangeRate } = report;
  const inserted = await manager.insert(CostEstimateEntity, {
    ...{ organisationId, createdBy, name, input, report, currency },
    ...{ project, assumptions, breakEvens, claims, warnings },
    exchangeRate: String(exchangeRate.perDollar),
    exchangeRateDate: exchangeRate.date,
    exchangeRateSource: exchangeRate.source,
    assumptionSetId: assumptionSet?.id ?? null,
    assumptionSetVersion: assumptionSet?.version ?? null,
    assumptionSetName: assumptionSet?.name ?? null,
    basedOnId: basedOn?.id ?? null,
    basedOnKind: basedOn?.kind ?? null,
  });
  const id = inserted.identifiers[0]?.id as string;
  const rows = report.models.map((model) => ({ costEstimateId: id, organisationId, ...modelRow(model, currency) }));
  await manager.insert(CostEstimateModelEntity, rows);
  return id;
}

function modelRow({ model, total, breakdown, deliveryMonths, cost, delivery }: ReportedModel, currency: string) {
  const money = (amount: number): string => amount.toFixed(decimalsOf(currency));
  return {
    ...{ model, currency, breakdown },
    total: money(total),
    deliveryMonths: deliveryMonths.toFixed(4),
    costP10: money(cost.p10.value),
    costP50: money(cost.p50.value),
    costP90: money(cost.p90.value),
    deliveryP10: delivery.p10.value.toFixed(4),
    deliveryP50: delivery.p50.value.toFixed(4),
    deliveryP90: delivery.p90.value.toFixed(4),
  };
}

export async function selectOptionalEstimate(
  manager: EntityManager,
  organisationId: string,
  id: string,
): Promise<CostEstimate | null> {
  const row = await manager
    .createQueryBuilder(CostEstimateEntity, 'estimate')
    .addSelect(['input', 'report', 'assumptions', 'breakEvens', 'claims', 'warnings'].map((column) => `estimate.${column}`))
    .where({ organisationId, id })
    .getOne();
  if (!row) return null;
  const [summary] = await withModels(manager, [row]);
  const { input, report, breakEvens, claims, assumptions, warnings } = row;
  const asStored = report ?? { breakEvens, claims, assumptions, warnings };
  return {
    ...(summary as CostEstimateSummary),
    ...{ input, report },
    breakEvens: asStored.breakEvens,
    claims: asStored.claims,
    assumptions: asStored.assumptions,
    warnings: asStored.warnings,
  };
}

/** Adds to each estimate what its models cost. */
export async function withModels(manager: EntityManager, rows: readonly CostEstimateEntity[]): Promise<CostEstimateSummary[]> {
  const models = await manager.findBy(CostEstimateModelEntity, { costEstimateId: In(rows.map(({ id }) => id)) });
  return rows.map((row) => ({
    ...{ id: row.id, name: row.name, createdAt: row.createdAt, archivedAt: row.archivedAt },
    ...{ project: row.project, currency: row.currency },
    assumptionSet: usedSetOf(row),
    basedOn: row.basedOnId && row.basedOnKind ? { id: row.basedOnId, kind: row.basedOnKind } : null,
    models: models
      .filter(({ costEstimateId }) => costEstimateId === row.id)
      .sort((a, b) => HIRING_MODELS.indexOf(a.model) - HIRING_MODELS.indexOf(b.model))
      .map(toEstimatedModel),
  }));
}

function usedSetOf(row: CostEstimateEntity): UsedAssumptionSet | null {
  const { assumptionSetId: id, assumptionSetVersion: version, assumptionSetName: name } = row;
  return id === null || version === null || name === null ? null : { id, version, name };
}

function toEstimatedModel(row: CostEstimateModelEntity): EstimatedModel {
  const total = Number(row.total);
  return {
    ...{ model: row.model, total, currency: row.currency },
    deliveryMonths: Number(row.deliveryMonths),
    costBand: bandOf(row.costP10, row.costP50, row.costP90),
    deliveryBand: bandOf(row.deliveryP10, row.deliveryP50, row.deliveryP90),
    breakdown: wholeBreakdown(row.breakdown, total, row.currency),
  };
}

function bandOf(p10: string | null, p50: string | null, p90: string | null): EstimatedModel['costBand'] {
  return p10 === null || p50 === null || p90 === null ? null : { p10: Number(p10), p50: Number(p50), p90: Number(p90) };
}

/** A breakdown from before there were all lines, with what rounding leaves of its total. */
function wholeBreakdown(stored: Partial<ReportedBreakdown>, total: number, currency: string): ReportedBreakdown {
  const lines = mapLines((line) => stored[line] ?? 0);
  const units = Object.entries(lines).reduce(
    (sum, [line, amount]) => sum + (line === 'rounding' ? 0 : unitsOf(amount, currency)),
    0,
  );
  return { ...lines, rounding: fromUnits(unitsOf(total, currency) - units, currency) };
}
