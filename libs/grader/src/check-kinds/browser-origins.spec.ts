import { DRIVERS, ToolsBench } from '../../fixtures/tools-bench';
import type { HttpAnswer } from '../check-api';
import { browserOrigins } from './browser-origins';

jest.setTimeout(180_000);

const LISTED = 'c4-origins-are-listed';
const REFUSED = 'b4-large-requests-are-refused';

describe('what an answer grants to other origins', () => {
  const answer = (headers: Record<string, string>): HttpAnswer => ({
    status: 200,
    headers,
    text: '',
    json: () => null,
    statementCount: 0,
  });

  it('is read as a browser reads it', () => {
    const grants = browserOrigins.grants(
      answer({
        'access-control-allow-origin': 'https://a.example',
        'access-control-allow-credentials': 'TRUE',
        'access-control-allow-methods': 'get, PUT',
        'access-control-allow-headers': 'Content-Type',
        vary: 'Accept, origin',
      }),
    );
    expect(grants).toMatchObject({
      credentials: false,
      methods: ['GET', 'PUT'],
      headers: ['content-type'],
      variesByOrigin: true,
    });
    expect([grants.allows('https://a.example'), grants.allows('https://a.example.evil.example')]).toEqual([true, false]);
    expect(browserOrigins.grants(answer({})).allows('null')).toBe(false);
    expect(browserOrigins.grants(answer({ 'access-control-allow-origin': '*' })).allows('null')).toBe(true);
  });

  it('is tried with origins that look like the right one', () => {
    const alike = browserOrigins.lookAlikes('https://till.example');
    expect(alike).toContain('https://till.example.evil.example');
    expect(alike).not.toContain('https://till.example');
    expect(() => browserOrigins.lookAlikes('till.example')).toThrow(TypeError);
  });
});

describe.each(DRIVERS)('other origins with the driver %s', (_name, makeDriver) => {
  let bench: ToolsBench;

  beforeAll(async () => {
    bench = await ToolsBench.open('origins.ts', makeDriver);
  }, 600_000);
  afterAll(() => bench.close());

  it('are kept out, and large requests refused, by a project that lists its front end', async () => {
    expect(await bench.failures()).toEqual({});
  });

  it('are let in by one that reflects them, or compares only the beginning', async () => {
    const origins = (condition: string): string => `
class Origins:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        origin, response = request.headers.get("Origin", ""), self.get_response(request)
        response["Vary"] = "Origin"
        if ${condition}:
            response["Access-Control-Allow-Origin"] = origin
            response["Access-Control-Allow-Methods"] = "GET, POST"
            response["Access-Control-Allow-Headers"] = "content-type"
        return response
`;
    expect(await bench.failures({ 'till/origins.py': origins('True') })).toEqual({
      [LISTED]: 'https://evil.example may not read the items',
    });
    expect(await bench.failures({ 'till/origins.py': origins('origin.startswith("https://till.example")') })).toEqual({
      [LISTED]: 'https://till.example.evil.example may not read the items',
    });
    expect(await bench.failures({ 'till/origins.py': origins('False') })).toEqual({
      [LISTED]: 'the front end may read the items',
    });
  });

  it('do not matter to pages and bodies without end', async () => {
    const endless = `
import json
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

def items(request):
    return JsonResponse(["item"] * int(request.GET.get("page_size", "2")), safe=False)

@csrf_exempt
def sign_up(request):
    return JsonResponse({})
`;
    const failed = await bench.failures({ 'till/views.py': endless });
    expect(Object.keys(failed)).toEqual([REFUSED]);
  });
});
