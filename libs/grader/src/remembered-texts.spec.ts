import { RememberedTexts } from './remembered-texts';

describe('remembered texts', () => {
  it('gives the text of a name, the last one that was told', () => {
    const texts = new RememberedTexts();
    texts.set('a', 'SELECT 1');
    texts.set('a', 'SELECT 2');
    expect([texts.get('a'), texts.get('b')]).toEqual(['SELECT 2', '']);
  });

  it.each([
    ['long texts', 'x'.repeat(8_000)],
    ['nothing but names', 'x'],
  ])('are few, whatever they are: %s', (_what, text) => {
    const texts = new RememberedTexts();
    const names = Array.from({ length: 20_000 }, (_, index) => index.toString(36));
    for (const name of names) texts.set(name, text);
    expect(names.filter((name) => texts.get(name) !== '').length).toBeLessThan(5_000);
  });
});
