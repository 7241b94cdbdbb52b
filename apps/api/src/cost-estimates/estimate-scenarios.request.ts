import type { Assumption } from '@assay/cost-model/assumption';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import { asNeedInput, type ParsedNeed } from '@assay/cost-model/hiring-need';
import { EstimateInputError } from '@assay/cost-model/input-error';
import type { EstimateRequest } from './read-estimate-request';

/**
 * The request for an estimate as another one was made, with some fields changed. A part that is a whole of its own, such as a scope, a
 * seniority mix or joins, is replaced as a whole; situation and framework field by field; null takes a field back to its default.
 *
 * @throws EstimateInputError for a change of a project where a need was given, or the other way round
 */
export function changedRequest(base: EstimateInput, changes: EstimateRequest): EstimateRequest {
  const { assumptions } = changes;
  const simulation = merged(base.simulation, changes.simulation);
  return { ...changedWork(base, changes), assumptions: assumptions ?? [], simulation };
}

/** The request for what an estimate was made for, to be read again with other assumptions: a team's hours are counted anew. */
export function sameRequest(base: EstimateInput): EstimateRequest {
  return changedRequest(base, {});
}

/** Puts the figures on top of assumptions, whoever made them. */
export function withFigures(assumptions: readonly Assumption[], figures: readonly Assumption[]): Assumption[] {
  const own = new Map(figures.map((figure) => [figure.id, figure]));
  return assumptions.map((assumption) => own.get(assumption.id) ?? assumption);
}

function changedWork(base: EstimateInput, changes: EstimateRequest): EstimateRequest {
  if (isParsedNeed(base)) {
    refuse('project', changes.project, 'the estimate was made from a need: change fields of need.');
    refuse('situation', changes.situation, 'belongs into the need: give need.situation.');
    refuse('framework', changes.framework, 'belongs into the need: give need.framework.');
    const input = asNeedInput(base);
    const need: Record<string, unknown> = { ...changes.need };
    return {
      need: {
        ...merged(input, need),
        situation: merged(base.situation, need.situation),
        framework: mergedFramework(base, need.framework),
      },
    };
  }
  refuse('need', changes.need, 'the estimate was made from a project: change fields of project.');
  const framework = mergedFramework(base, changes.framework);
  // How many built-in groups are needed follows from the framework's needs where these are given.
  const { builtInFeatures, ...project } = base.project;
  return {
    project: merged(framework ? project : { ...project, builtInFeatures }, changes.project ?? undefined),
    situation: merged(base.situation, changes.situation),
    framework,
  };
}

function isParsedNeed(input: EstimateInput): input is EstimateInput & ParsedNeed {
  return input.need !== null;
}

/** Left out it stays; null takes it away. What is no object is left to be refused by name. */
function mergedFramework({ frameworkNeed }: EstimateInput, change: unknown): object | null {
  if (change === null) return null;
  return frameworkNeed === null && change === undefined ? null : merged(frameworkNeed ?? {}, change);
}

function merged(base: object, change: unknown): object {
  if (change === undefined) return base;
  if (change === null) return {};
  if (typeof change !== 'object' || Array.isArray(change)) return change as object;
  return { ...base, ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) };
}

function refuse(path: string, given: unknown, message: string): void {
  if (given !== undefined && given !== null) throw new EstimateInputError([{ path, message }]);
}
