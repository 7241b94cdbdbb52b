import type { RequestOptions } from './check-api';
import { ExpectationFailed, quote } from './expectations';

/** Headers of the users in `task.yaml`, by name. */
export type UserHeaders = Readonly<Record<string, { readonly headers: Readonly<Record<string, string>> }>>;

/** A body as it is sent: JSON unless it is a string. */
export function bodyOf(body: unknown): string | null {
  if (body === undefined) return null;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** Headers of a request of a check, names in lower case. */
export function headersOf(users: UserHeaders, request: RequestOptions, body: string | null): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== null) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = String(Buffer.byteLength(body));
  }
  if (request.as !== undefined) {
    const user = users[request.as];
    if (!user) throw new TypeError(`task.yaml has no user "${request.as}"`);
    for (const [name, value] of Object.entries(user.headers)) headers[name.toLowerCase()] = value;
  }
  if (request.token !== undefined) headers.authorization = `Bearer ${request.token}`;
  if (request.origin !== undefined) headers.origin = request.origin;
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  return headers;
}

/** Checks build paths and headers from earlier answers, so that what cannot be sent is the project's fault and no crash of the check. */
export function refuseUnsendable(method: string, path: string, headers: Readonly<Record<string, string>>): void {
  if (!/^\/[\x21-\x7e]{0,8000}$/.test(path))
    throw new ExpectationFailed(`${method} ${quote(path)}: this is no path that can be asked for`);
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w-]+$/.test(name)) throw new TypeError(`${quote(name)} is no name of a header`);
    if (!/^[\t\x20-\x7e]{0,8000}$/.test(value)) {
      throw new ExpectationFailed(`${method} ${quote(path)}: the header "${name}" cannot be ${quote(value)}`);
    }
  }
}
