import type { OpenAPIObject } from '@nestjs/swagger';
import { type Answer, OpenApiConformance } from './openapi-conformance';

const document = {
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  paths: {
    '/api/v1/things/{id}': {
      get: {
        responses: {
          200: { description: '', content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
          default: {
            description: '',
            content: { 'application/problem+json': { schema: { type: 'object', required: ['code'] } } },
          },
        },
      },
      delete: { responses: { 204: { description: '' } } },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['id', 'madeAt'],
        properties: {
          id: { type: 'string' },
          madeAt: { type: 'string', format: 'date-time' },
          parts: { type: 'array', items: { $ref: '#/components/schemas/Part' } },
        },
      },
      Part: { type: 'object', properties: { size: { type: ['integer', 'null'] } } },
    },
  },
} as unknown as OpenAPIObject;

const good = { id: 'a', madeAt: '2026-01-01T00:00:00Z' };

function check(answer: Partial<Answer>): void {
  const whole = {
    method: 'GET',
    path: '/api/v1/things/7',
    status: 200,
    contentType: 'application/json',
    body: good,
    ...answer,
  };
  new OpenApiConformance(document).check({ text: whole.body === undefined ? '' : JSON.stringify(whole.body), ...whole });
}

describe('OpenApiConformance', () => {
  it.each<[string, Partial<Answer>]>([
    ['what is described', {}],
    ['a nested object and a null', { body: { ...good, parts: [{ size: 1 }, { size: null }, {}] } }],
    ['a problem', { status: 409, contentType: 'application/problem+json', body: { code: 'conflict' } }],
    ['no body where none is described', { method: 'DELETE', status: 204, contentType: '', body: undefined }],
    ['not found at a path that does not exist', { path: '/api/v1/nothing', status: 404, body: {} }],
    ['anything outside of /api/v1', { path: '/metrics', contentType: 'text/plain', body: 'x' }],
  ])('lets pass %s', (_what, answer) => {
    expect(() => check(answer)).not.toThrow();
  });

  it.each<[string, Partial<Answer>, string]>([
    ['an answer of a path', { path: '/api/v1/others' }, 'the path is not described'],
    ['an answer of a method', { method: 'PUT' }, 'has no put'],
    ['a status', { status: 201 }, 'the status is not described, only 200, default'],
    ['a type', { contentType: 'text/html' }, 'the type text/html is not described'],
    ['a body', { method: 'DELETE', status: 204, body: {} }, 'no body is described'],
    ['a field', { body: { ...good, passwordHash: 'x' } }, 'must NOT have additional properties'],
    ['a field deep inside', { body: { ...good, parts: [{ secret: 1 }] } }, 'body/parts/0 must NOT have additional properties'],
    [
      'a problem of another shape',
      { status: 409, contentType: 'application/problem+json', body: {} },
      "required property 'code'",
    ],
    ['a problem as plain JSON', { status: 409, body: { code: 'conflict' } }, 'the type application/json is not described'],
    ['an internal error', { status: 500, contentType: 'application/problem+json', body: { code: 'internal' } }, 'never right'],
  ])('refuses %s that is not described', (_what, answer, why) => {
    expect(() => check(answer)).toThrow(why);
  });

  it.each<[string, unknown]>([
    ['a missing field', { id: 'a' }],
    ['a time that is none', { ...good, madeAt: 'today' }],
    ['a number for a text', { ...good, id: 1 }],
    ['null for an object', null],
  ])('refuses %s', (_what, body) => {
    expect(() => check({ body })).toThrow('is not as the OpenAPI description says');
  });
});
