import { PracticeProgressService } from './practice-progress.service';

const steps = [{ id: 'a', outcome: 'passed' as const, durationMs: 1 }];
const checking = { phase: 'checking' as const, done: 1, total: 2, steps };

describe('what is known of practice runs that go on', () => {
  it('is what was said last; checks stay while the result is reported, and go when the run begins again', () => {
    const progress = new PracticeProgressService();
    expect(progress.of('run')).toBeNull();
    progress.note('run', { phase: 'starting' });
    progress.note('run', checking);
    progress.note('run', { phase: 'reporting' });
    expect(progress.of('run')).toEqual({ ...checking, phase: 'reporting' });
    progress.note('run', { phase: 'fetching' });
    expect(progress.of('run')).toEqual({ phase: 'fetching', done: 0, total: null, steps: [] });
    progress.forget('run');
    expect(progress.of('run')).toBeNull();
  });

  it('does not grow for ever when nobody says that runs have ended', () => {
    const progress = new PracticeProgressService();
    progress.note('first', checking);
    for (let count = 0; count < 1_000; count += 1) progress.note(String(count), checking);
    expect([progress.of('first'), progress.of('999')]).toEqual([null, checking]);
  });
});
