import { withoutTimings } from '../../fixtures/grading-bench';
import { DRIVERS, ToolsBench } from '../../fixtures/tools-bench';

jest.setTimeout(180_000);

const CHECKS = ['a1-total-is-exact', 'a1-batches-are-lazy', 'a1-drawer-is-closed', 'a1-retry-tries-again', 'a2-scarce-items'];

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
    const failed = await bench.failures({ 'till/pricing.py': STARTER });
    expect(Object.keys(failed)).toEqual(CHECKS);
    expect(failed).toMatchObject({
      'a1-total-is-exact': 'the total of 0.10 and 0.20: expected {"python":"decimal","value":"0.30"}, got 0.30000000000000004',
      'a1-batches-are-lazy': 'reads before the first batch is wanted: expected 0, got 6',
      'a2-scarce-items': 'statements: expected 1, got 4',
    });
  });
});

const STARTER = `
def total(prices):
    return sum(float(price) for price in prices)

def batches(source, size):
    items = list(source)
    return [items[start : start + size] for start in range(0, len(items), size)]

class opened:
    def __init__(self, drawer):
        self.drawer = drawer
    def __enter__(self):
        self.drawer.open()
        return self.drawer
    def __exit__(self, kind, error, trace):
        return True

def retry(times):
    return lambda function: function

def scarce(limit):
    from .models import Item
    return [item.name for item in Item.objects.order_by("name") if Item.objects.get(id=item.id).stock < limit]
`;
