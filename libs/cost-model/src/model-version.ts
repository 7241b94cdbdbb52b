/**
 * Version of the model, kept in every estimate: a whole number that is raised whenever the same project would get other figures, be it by
 * formulas, default assumptions, distributions or random numbers. `model-version.spec.ts` fails when that was forgotten. New words need no new version.
 */
export const MODEL_VERSION = 1;
