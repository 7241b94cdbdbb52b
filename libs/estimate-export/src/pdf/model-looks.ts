import type { HiringModel } from '@assay/cost-model/project';

export interface ModelLook {
  /** Of the palette of Okabe and Ito, which people with any colour vision can tell apart. */
  readonly color: string;
  /** Lengths of dash and gap, so that lines differ in grey too. */
  readonly dash: readonly [number, number] | null;
}

export const MODEL_LOOKS: Readonly<Record<HiringModel, ModelLook>> = {
  freelance: { color: '#D55E00', dash: [5, 2] },
  in_house: { color: '#0072B2', dash: null },
  hybrid: { color: '#009E73', dash: [1.5, 1.5] },
  staff_augmentation: { color: '#111111', dash: [7, 2] },
};
