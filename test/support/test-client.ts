import request, { type Response, type Test } from 'supertest';
import type { OpenApiConformance } from './openapi-conformance';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * Sends requests to a test API as one principal (or as nobody). Every answer is compared with the OpenAPI description; an answer that is
 * not described fails the test. Paths are those under `/api/v1`; a path that begins with `//` is taken from the root (`//health/live`).
 */
export class TestClient {
  constructor(
    private readonly url: string,
    private readonly conformance: OpenApiConformance,
    /** Bearer token, or null for nobody. */
    readonly token: string | null,
  ) {}

  get(path: string): Test {
    return this.send('get', path);
  }

  post(path: string, body?: object): Test {
    return this.send('post', path, body);
  }

  put(path: string, body?: object): Test {
    return this.send('put', path, body);
  }

  patch(path: string, body?: object): Test {
    return this.send('patch', path, body);
  }

  delete(path: string): Test {
    return this.send('delete', path);
  }

  private send(method: Method, path: string, body?: object): Test {
    const full = path.startsWith('//') ? path.slice(1) : `/api/v1${path}`;
    const test = request(this.url)[method](full);
    if (this.token !== null) test.set('Authorization', `Bearer ${this.token}`);
    if (body !== undefined) test.send(body);
    return test.expect((response: Response) => {
      this.conformance.check({
        method: method.toUpperCase(),
        path: full.split('?')[0] ?? full,
        status: response.status,
        contentType: response.type,
        body: response.body,
        text: response.text,
      });
    });
  }
}
