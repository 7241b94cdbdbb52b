import type { Together, TogetherRequest, TogetherSettings } from './together-api';

export interface RequestOptions {
  /** A user named in `task.yaml`, whose credentials are sent; anonymous when left out. */
  readonly as?: string;
  /** Sent as `Authorization: Bearer`, in the place of that of `as`. */
  readonly token?: string;
  /** Origin of the page that would ask. */
  readonly origin?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a string, which is sent as it is. */
  readonly body?: unknown;
}

export interface CheckHttp {
  get(path: string, options?: RequestOptions): Promise<HttpAnswer>;
  post(path: string, options?: RequestOptions): Promise<HttpAnswer>;
  put(path: string, options?: RequestOptions): Promise<HttpAnswer>;
  patch(path: string, options?: RequestOptions): Promise<HttpAnswer>;
  delete(path: string, options?: RequestOptions): Promise<HttpAnswer>;
  head(path: string, options?: RequestOptions): Promise<HttpAnswer>;
  options(path: string, options?: RequestOptions): Promise<HttpAnswer>;
  /** Requests that are in flight at the same time, at most 12: see `docs/checks/together.md`. */
  together(requests: readonly TogetherRequest[], settings?: TogetherSettings): Promise<Together>;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; fails the check when it is not JSON. */
  json(): unknown;
  /**
   * SQL statements that the database answered during the request, with success or with an error. Transaction control and session
   * set-up are left out; a notice counts like a statement, because a result can travel in it.
   */
  readonly statementCount: number;
}
