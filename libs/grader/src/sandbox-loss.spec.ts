import type { CheckResult, Exchange } from '@assay/contracts/grading-report';
import { brokeOff } from './sandbox-loss';
import { CONNECTION_CLOSED } from './unix-http';

function result(messageForReviewer: string, error: string | null = null): CheckResult {
  const exchange: Exchange = {
    request: { method: 'GET', path: '/', as: null, body: null },
    response: null,
    error,
    statementCount: 0,
    statements: [],
  };
  return {
    id: 'a1-x',
    title: 'x',
    criterion: 'A1',
    level: 1,
    points: 1,
    status: 'errored',
    visibility: 'never',
    messageForCandidate: '',
    messageForReviewer,
    evidence: { exchanges: [exchange], records: [], measurements: {}, findings: [], locations: [] },
  };
}

describe('a project that broke off', () => {
  it('is seen in an exchange, and where a call of a function ended a check', () => {
    expect(brokeOff([result('x', CONNECTION_CLOSED)])).toBe(true);
    expect(brokeOff([result(`till.pricing:total got no answer: ${CONNECTION_CLOSED}`)])).toBe(true);
  });

  it('is not seen in a request that was slow', () => {
    expect(brokeOff([result('GET / got no answer: no complete answer within 3 seconds', 'no complete answer')])).toBe(false);
  });
});
