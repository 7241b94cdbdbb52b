import { nameAtStart, nameOf } from './model-names';

test('names stand in a sentence', () => {
  expect(`${nameAtStart('hybrid')} and ${nameOf('hybrid')}`).toBe('The hybrid and the hybrid');
  expect(`${nameAtStart('in_house')} and ${nameOf('staff_augmentation')}`).toBe('In-house and staff augmentation');
});
