import { withoutTimings } from '../../fixtures/grading-bench';
import { DRIVERS, ToolsBench } from '../../fixtures/tools-bench';

jest.setTimeout(180_000);

const REPORTED = 'e5-errors-are-reported';
const SCRUBBED = 'e5-reports-are-scrubbed';

describe.each(DRIVERS)('monitoring with the driver %s', (_name, makeDriver) => {
  let bench: ToolsBench;

  beforeAll(async () => {
    bench = await ToolsBench.open('monitoring.ts', makeDriver);
  }, 600_000);
  afterAll(() => bench.close());

  it('hears of an error with its release and without personal data, the same twice', async () => {
    const [first, second] = [await bench.grade(), await bench.grade()];
    expect(first.checks.map(({ id, status }) => [id, status])).toEqual([
      [REPORTED, 'passed'],
      [SCRUBBED, 'passed'],
    ]);
    expect(withoutTimings(second)).toBe(withoutTimings(first));
    expect(first.checks[0]?.evidence.records.map(({ title, text }) => [title, text])).toEqual([
      ['0 events arrived', ''],
      ['1 events arrived', 'error ZeroDivisionError: division by zero (release till@1.4.2, environment production)'],
    ]);
  });

  it('finds personal data that a project leaves in, however it is written', async () => {
    const left = await bench.failures({ 'till/reporting.py': 'def scrub(event, hint):\n    return event\n' });
    expect(Object.keys(left)).toEqual([SCRUBBED]);
    expect(left[SCRUBBED]).toContain('hedda.quist@mail.example');
    const hidden = await bench.failures({
      'till/reporting.py': `
import base64, json
def scrub(event, hint):
    event["extra"] = {"note": base64.b64encode(b"by " + json.dumps(event["request"]["data"]).encode()).decode()}
    event.pop("request"), event.pop("exception")
    return event
`,
    });
    expect(hidden[SCRUBBED]).toContain('hedda.quist@mail.example');
  });

  it('gives nothing to a project that reports whatever happens, or the same always', async () => {
    const origins = (send: string): string => `
import sentry_sdk

class Origins:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        ${send}
        return self.get_response(request)
`;
    const always = await bench.failures({ 'till/origins.py': origins('sentry_sdk.capture_message("a request")') });
    expect(always).toEqual({
      [REPORTED]: 'events of a request that went well: expected 0, got 1',
      [SCRUBBED]: 'events: expected 1, got 2',
    });
    const made = await bench.failures({
      'till/origins.py': origins('request.method == "POST" and sentry_sdk.capture_exception(ValueError("something"))'),
      'till/reporting.py': `
def scrub(event, hint):
    return event if event["exception"]["values"][-1]["type"] == "ValueError" else None
`,
    });
    expect(made[REPORTED]).toBe('the exception that was reported: expected "ZeroDivisionError", got "ValueError"');
  });

  it('hears nothing of a project that reports nothing, and no bomb harms it', async () => {
    const nothing = await bench.failures({ 'till/reporting.py': 'def scrub(event, hint):\n    return None\n' });
    expect(nothing).toEqual({
      [REPORTED]: 'the exception that was reported: expected "ZeroDivisionError", got nothing',
      [SCRUBBED]: 'events: expected 1, got 0',
    });
    const bomb = await bench.failures({
      'till/reporting.py': `
import gzip, urllib.request
def scrub(event, hint):
    body = gzip.compress(b"a" * 20_000_000)
    request = urllib.request.Request("http://127.0.0.1:9000/api/1/envelope/", body, {"Content-Encoding": "gzip"})
    try:
        urllib.request.urlopen(request)
    except urllib.error.HTTPError:
        pass
    return event
`,
    });
    const unreadable = 'the project sent something to monitoring that cannot be read, or far too much of it';
    expect(bomb).toEqual({ [REPORTED]: unreadable, [SCRUBBED]: unreadable });
  });
});
