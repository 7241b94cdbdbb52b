import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { TINY_TOOLS, withoutTimings } from '../../fixtures/grading-bench';
import { DRIVERS, ToolsBench } from '../../fixtures/tools-bench';

jest.setTimeout(180_000);

const CHECKS = [
  'a1-total-is-exact',
  'a1-batches-are-lazy',
  'a1-drawer-is-closed',
  'a1-retry-tries-again',
  'a2-scarce-items',
  'a5-sale-is-whole',
  'a5-nothing-stays-open',
];

describe.each(DRIVERS)('function calls with the driver %s', (_name, makeDriver) => {
  let bench: ToolsBench;

  beforeAll(async () => {
    bench = await ToolsBench.open('calls.ts', makeDriver);
  }, 600_000);
  afterAll(() => bench.close());

  it('pass with what the task asks for, and leave the same evidence twice', async () => {
    const [first, second] = [await bench.grade(), await bench.grade()];
    expect(first.checks.map(({ id, status }) => [id, status])).toEqual(CHECKS.map((id) => [id, 'passed']));
    expect(withoutTimings(second)).toBe(withoutTimings(first));
    const records = first.checks.find(({ id }) => id === 'a1-batches-are-lazy')?.evidence.records;
    expect(records).toEqual([
      {
        kind: 'call',
        title: 'till.pricing:batches',
        text: 'till.pricing:batches(<source>, 2)\nreturned builtins.generator\n0 statements',
        truncated: false,
      },
      {
        kind: 'call',
        title: 'till.pricing:batches: next',
        text: [
          'till.pricing:batches: next()',
          'used source.__next__(): 1',
          'used source.__next__(): 2',
          'yielded [1,2]',
          '0 statements',
        ].join('\n'),
        truncated: false,
      },
      {
        kind: 'call',
        title: 'till.pricing:batches: close',
        text: 'till.pricing:batches: close()\nused source.close(): null\nreturned null\n0 statements',
        truncated: false,
      },
    ]);
  });

  it('fail with what the starter has', async () => {
    const failed = await bench.failures({ 'till/pricing.py': await starter() });
    expect(Object.keys(failed)).toEqual(CHECKS.filter((id) => id !== 'a5-nothing-stays-open'));
    expect(failed).toMatchObject({
      'a1-total-is-exact': 'the total of 0.10 and 0.20: expected {"python":"decimal","value":"0.30"}, got 0.30000000000000004',
      'a1-batches-are-lazy': 'reads before the first batch is wanted: expected 0, got 6',
      'a2-scarce-items': 'statements: expected 1, got 4',
      'a5-sale-is-whole': 'the stock after a sale that failed: expected 3, got 2',
    });
  });

  it('that hang fail their check only, and those that are not there say so', async () => {
    const { checks } = await bench.grade({
      'till/pricing.py': `${await reference()}
def total(prices):
    while True:
        pass

def retry(times):
    import time
    time.sleep(1000)

del batches
`,
    });
    expect(checks.map(({ status, messageForReviewer }) => [status, messageForReviewer])).toEqual([
      ['errored', 'till.pricing:total got no answer: no complete answer within 3 seconds'],
      ['failed', 'till.pricing:batches: till.pricing has no batches'],
      ['passed', PASSED],
      ['errored', 'till.pricing:retry got no answer: no complete answer within 3 seconds'],
      ['passed', PASSED],
      ['passed', PASSED],
      ['passed', PASSED],
    ]);
  });

  it('during which the project ends are its own doing, and those that follow get no answer either', async () => {
    const failed = await bench.failures({
      'till/pricing.py': `${await reference()}
def total(prices):
    import os
    os._exit(3)
`,
    });
    expect(failed['a1-total-is-exact']).toBe(
      'till.pricing:total got no answer: the server closed the connection without a complete answer',
    );
    expect(Object.keys(failed)).toEqual(CHECKS);
  });

  it('give nothing to a project that answers in the place of ours', async () => {
    const failed = await bench.failures({
      'till/pricing.py': `${await reference()}
from sys import modules

def total(prices):
    return {"python": "decimal", "value": "0.30"}

def batches(source, size):
    # Reads all, and lets nobody see the reading.
    guessed = [3, 2, 1]
    def lie(**question):
        if not guessed:
            raise StopIteration
        return {"kind": "returned", "value": guessed.pop()}
    modules["assay_calls"].calls.conversation.ask = lie
    yield list(source)[:size]

class Nameless(type):
    __name__ = property(lambda self: 1 / 0)

class Broken(Exception, metaclass=Nameless):
    pass

def retry(times):
    raise Broken

class opened:
    def __init__(self, drawer):
        self.drawer = drawer
    def __enter__(self):
        self.drawer.open()
        return self.drawer
    def __exit__(self, *error):
        modules["assay_calls"].calls.conversation.end = lambda words: None
`,
    });
    expect(failed).toEqual({
      'a1-total-is-exact': expect.stringContaining('got {"python":"dict"'),
      'a1-batches-are-lazy': 'reads for the first batch: expected 2, got 0',
      'a1-drawer-is-closed': 'uses of the drawer: expected ["open","close"], got ["open"]',
      'a1-retry-tries-again': expect.stringMatching(/got no answer/),
    });
  });

  it('with an answer beyond all bounds fail, and what goes on in threads is seen as well', async () => {
    const failed = await bench.failures({
      'till/pricing.py': `${await reference()}
from concurrent.futures import ThreadPoolExecutor

def total(prices):
    return [[["x" * 400_000]]]

def batches(source, size):
    while True:
        source.close("x" * 150_000)
    yield

def retry(times):
    def decorate(function):
        def tried(*args):
            with ThreadPoolExecutor() as pool:
                for attempt in range(times):
                    try:
                        return pool.submit(function, *args).result()
                    except ConnectionError:
                        pass
        tried.__name__ = function.__name__
        return tried
    return decorate
`,
    });
    expect(failed).toEqual({
      'a1-total-is-exact': 'till.pricing:total: the value has more than 200000 characters',
      'a1-batches-are-lazy': 'all answers to calls together are longer than 4194304 characters',
    });
  });
});

const PASSED = 'Every expectation held.';

function reference(): Promise<string> {
  return readFile(path.join(TINY_TOOLS, 'reference/till/pricing.py'), 'utf8');
}

function starter(): Promise<string> {
  return readFile(path.join(TINY_TOOLS, 'starter/till/pricing.py'), 'utf8');
}
