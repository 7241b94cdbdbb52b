import type { Attack } from '../attack';
import { gradedForgery, looseChecks } from './graded-forgery';

interface Answer {
  readonly status?: string;
  readonly body: string;
}

/** A WSGI module that gives one answer whatever it is asked. */
const always = ({ status = '200 OK', body }: Answer): string => `BODY = ${JSON.stringify(body)}.encode()


def application(environ, start_response):
    start_response(${JSON.stringify(status)}, [("Content-Type", "application/json")])
    return [BODY]
`;

const ECHO = `import json


def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    sent = json.loads(body or b"{}")
    created = environ["REQUEST_METHOD"] == "POST"
    start_response("201 Created" if created else "200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"id": 1, **sent}).encode()]
`;

const answer = (id: string, title: string, wsgi: string): Attack =>
  gradedForgery({
    id,
    title,
    breach: 'A server that knows nothing gets points.',
    layer: 'strict-checks',
    submission: { files: { 'site_notes/wsgi.py': wsgi } },
    proof: looseChecks,
  });

export const answerForgeries: readonly Attack[] = [
  answer(
    'object-with-a-length',
    'An object that looks like a list',
    always({ body: '{"length": 5, "0": "one", "1": "two", "id": 1}' }),
  ),
  answer('text-with-a-length', 'A text in place of a list', always({ body: '"one,two"' })),
  answer(
    'polluted-prototype',
    '`__proto__` and `constructor.prototype` with what is asked for',
    always({ body: '{"__proto__": {"length": 5, "id": 1}, "constructor": {"prototype": {"length": 5, "status": "passed"}}}' }),
  ),
  answer('keys-that-come-twice', 'Keys that come twice', always({ body: '{"length": 0, "id": null, "length": 5, "id": 1}' })),
  answer('numbers-beyond-numbers', 'Numbers beyond numbers', always({ body: '[1e999, -1e999, 123456789012345678901234567890]' })),
  answer(
    'everything-in-one-list',
    'One list with everything that may be asked for',
    always({ body: '["one", "two", "three", "note 1", 7, null, []]' }),
  ),
  answer('empty-lists', 'An empty list, whatever is asked', always({ body: '[]' })),
  answer('refused-requests', 'Every request refused', always({ status: '404 Not Found', body: '{}' })),
  answer('echo', 'What was sent, with an id', ECHO),
];
