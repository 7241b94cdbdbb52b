import { createHmac } from 'node:crypto';
import { DRIVERS, ToolsBench } from '../../fixtures/tools-bench';
import { ExpectationFailed } from '../expectations';
import { createTokens } from './tokens';

jest.setTimeout(180_000);

const CHECK = 'b3-tokens-are-verified';

describe('tokens', () => {
  const tokens = createTokens('key', new Date('2026-01-01T00:00:00Z'));

  it('are signed as the project signs them, and read without a key', () => {
    const token = tokens.sign({ sub: 'ada' });
    const [header, payload, signature] = token.split('.');
    expect(createHmac('sha256', 'key').update(`${header}.${payload}`).digest('base64url')).toBe(signature);
    expect(tokens.claims(token)).toEqual({ iat: 1767225600, exp: 1767229200, sub: 'ada' });
    expect(tokens.claims(tokens.expired(token))).toEqual({ iat: 1767218400, exp: 1767222000, sub: 'ada' });
    expect(() => tokens.claims('opaque')).toThrow(ExpectationFailed);
    expect(() => tokens.claims('a.bm9wZQ.c')).toThrow(ExpectationFailed);
  });

  it('are tampered with in ways that differ from it, from each other, and not from run to run', () => {
    for (const token of [tokens.sign({ sub: 'ada' }), '9f2c71aa', 'Zz-']) {
      const made = tokens.tampered(token).map(({ token: changed }) => changed);
      expect(made.length).toBeGreaterThanOrEqual(5);
      expect(new Set([...made, token]).size).toBe(made.length + 1);
      expect(tokens.tampered(token).map(({ token: changed }) => changed)).toEqual(made);
    }
  });
});

describe.each(DRIVERS)('tokens with the driver %s', (_name, makeDriver) => {
  let bench: ToolsBench;

  beforeAll(async () => {
    bench = await ToolsBench.open('tokens.ts', makeDriver);
  }, 600_000);
  afterAll(() => bench.close());

  it('are told from each other by a project that verifies them', async () => {
    expect(await bench.failures()).toEqual({});
  });

  it('are all taken by one that does not, or that does not look at the time', async () => {
    const unverified = await bench.failures({ 'till/accounts.py': accounts('options={"verify_signature": False}') });
    expect(unverified).toEqual({ [CHECK]: 'a token whose time is over: expected status 401, got 200' });
    const timeless = await bench.failures({
      'till/accounts.py': accounts('settings.SECRET_KEY, algorithms=["HS256"], options={"verify_exp": False}'),
    });
    expect(timeless).toEqual({ [CHECK]: 'a token whose time is over: expected status 401, got 200' });
    const signature = await bench.failures({
      'till/accounts.py': accounts('options={"verify_signature": False, "verify_exp": True}'),
    });
    expect(signature).toEqual({ [CHECK]: 'a tampered token: payload changed: expected status 401, got 200' });
  });

  it('cannot be feigned by a project that takes the token it gave and no other', async () => {
    const feigned = await bench.failures({
      'till/accounts.py': `
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"

@csrf_exempt
def token(request):
    return JsonResponse({"access": TOKEN}, status=200 if request.headers.get("X-Till-Key") else 401)

def me(request):
    is_known = request.headers.get("Authorization") == f"Bearer {TOKEN}"
    return JsonResponse({"name": "ada"}, status=200 if is_known else 401)
`,
    });
    expect(feigned).toEqual({
      [CHECK]: 'a token that was signed rightly: expected {"name":"berta"}, got {"name":"ada"}',
    });
  });
});

/** @param how arguments of `jwt.decode` after the token */
function accounts(how: string): string {
  return `
import time

import jwt
from django.conf import settings
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

@csrf_exempt
def token(request):
    if request.headers.get("X-Till-Key") != "ada-key":
        return JsonResponse({"detail": "no"}, status=401)
    claims = {"sub": "ada", "iat": int(time.time()), "exp": int(time.time()) + 600}
    return JsonResponse({"access": jwt.encode(claims, settings.SECRET_KEY, algorithm="HS256")})

def me(request):
    try:
        claims = jwt.decode(request.headers.get("Authorization", "").removeprefix("Bearer "), ${how})
    except jwt.InvalidTokenError:
        return JsonResponse({"detail": "no"}, status=401)
    return JsonResponse({"name": claims["sub"]})
`;
}
