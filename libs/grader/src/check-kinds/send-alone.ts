import type { CheckHttp, HttpAnswer } from '../check-api';
import type { TogetherRequest } from './together-api';

/** Sends one of the requests that are otherwise sent together, by itself. */
export function sendAlone(http: CheckHttp, { method, path, ...options }: TogetherRequest): Promise<HttpAnswer> {
  const send = { GET: http.get, POST: http.post, PUT: http.put, PATCH: http.patch, DELETE: http.delete }[method];
  return send(path, options);
}
