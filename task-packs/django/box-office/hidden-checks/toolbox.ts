import type { Checks } from '@assay/grader/check-api';

export const checks: Checks = {
  'a1-batches-are-lazy': async ({ python, expect }) => {
    const source = python.source([11, 12, 13, 14, 15]);
    const batches = await python.keep('toolbox.batches:batches', [source, 2]);
    expect.equal(source.calls.length, 0, 'nothing is taken before a batch is asked for');
    expect.same((await batches.next()).value(), [11, 12], 'the first batch');
    expect.ok(source.calls.length <= 3, 'no more items are taken than the first batch needs');
    expect.same((await batches.next()).value(), [13, 14], 'the second batch');
    expect.same((await batches.next()).value(), [15], 'the last batch is shorter');
    expect.equal((await batches.next()).kind, 'ended', 'then there is none');
    const none = await python.keep('toolbox.batches:batches', [[], 3]);
    expect.equal((await none.next()).kind, 'ended', 'of nothing there is no batch');
  },

  'a1-batches-refuse-a-size-of-none': async ({ python, expect }) => {
    for (const size of [0, -2]) {
      const refused = await python.call('toolbox.batches:batches', [[1, 2], size]);
      expect.equal(refused.error().type, 'ValueError', `a size of ${size} is a ValueError at the call`);
    }
    const one = await python.keep('toolbox.batches:batches', [[1, 2], 1]);
    expect.same((await one.next()).value(), [1], 'a size of 1 is none');
  },

  'a1-retries-what-it-should': async ({ python, expect }) => {
    const decorate = await python.keep('toolbox.retry:retried', [3]);
    let failures = 2;
    const twice = python.recorder(() => (failures-- > 0 ? python.raises('ConnectionError', 'away') : 'here'));
    expect.equal(
      (await (await decorate.keep([twice])).call(['x'], { y: 2 })).value(),
      'here',
      'what the third call gives is given back',
    );
    expect.equal(twice.calls.length, 3, 'it is called until it succeeds');
    expect.same(twice.calls[2]?.args, ['x'], 'each time with the same arguments');
    expect.same(twice.calls[2]?.keywords, { y: 2 }, 'and the same keywords');
    const always = python.recorder(() => python.raises('ConnectionError', 'gone for good'));
    const error = (await (await decorate.keep([always])).call()).error();
    expect.same([error.type, error.message], ['ConnectionError', 'gone for good'], 'the last exception gets out');
    expect.equal(always.calls.length, 3, 'after three calls');
  },

  'a1-retries-nothing-else': async ({ python, expect }) => {
    const decorate = await python.keep('toolbox.retry:retried', [4]);
    const wrong = python.recorder(() => python.raises('KeyError', 'seat'), 'look_up');
    const wrapped = await decorate.keep([wrong]);
    expect.equal((await wrapped.call()).error().type, 'KeyError', 'an exception that is not named gets out');
    expect.equal(wrong.calls.length, 1, 'at once');
    expect.equal((await wrapped.get('__name__')).value(), 'look_up', 'the function keeps its name');
  },

  'a1-entry-notes-how-it-ended': async ({ python, expect }) => {
    const log = await python.keep('builtins:list');
    const good = await python.keep('toolbox.ledger:entry', [log, 'sale']);
    await good.enter();
    await good.exit();
    const bad = await python.keep('toolbox.ledger:entry', [log, 'refund']);
    await bad.enter();
    const left = await bad.exit(python.exception('RuntimeError', 'no money'));
    const said = (await log.method('copy')).value();
    expect.same(said, ['begin sale', 'end sale', 'begin refund', 'failed refund'], 'the log says how each block ended');
    expect.ok(left.kind === 'raised' || left.value() === false, 'the exception gets out of the block');
  },
};
