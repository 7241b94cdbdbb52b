import type { HiringModel } from './project';

/** What the hiring models are called in tables. */
export const MODEL_NAMES: Readonly<Record<HiringModel, string>> = {
  freelance: 'freelance',
  in_house: 'in-house',
  hybrid: 'hybrid',
  staff_augmentation: 'staff augmentation',
};

/** The name within a sentence: `the hybrid`. */
export function nameOf(model: HiringModel): string {
  return model === 'hybrid' ? 'the hybrid' : MODEL_NAMES[model];
}

/** The name at the beginning of a sentence: `The hybrid`. */
export function nameAtStart(model: HiringModel): string {
  const name = nameOf(model);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
