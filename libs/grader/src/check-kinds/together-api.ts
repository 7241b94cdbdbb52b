/** Types of `http.together`, for authors of checks. */

/** One of the requests that are in flight at the same time. */
export interface TogetherRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** These are as in `RequestOptions`. */
  readonly as?: string;
  readonly token?: string;
  readonly origin?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface TogetherSettings {
  /**
   * What the proxy in front of the database keeps waiting, so that the worst order of things happens every time.
   * `writes` (the default): no statement that changes something, and no COMMIT after one, goes on before every other request came to such
   * a statement, to a lock that it has to wait for, or to its answer; then they go on one at a time.
   * `first-statement`: the first statement of each connection waits until every request has one that waits, so that as many connections
   * are open at once as the project will open. `nothing`: luck decides.
   */
  readonly hold?: 'writes' | 'first-statement' | 'nothing';
  /**
   * Further processes that serve the project, as `boot.start()` gives them: the requests are dealt out among all of them. A lock in the
   * memory of one process helps nobody then, as it does not where a project is served by several workers.
   */
  readonly across?: readonly ServingProcess[];
}

/** HTTP with a process that serves the project. */
export interface ServingProcess {
  together(requests: readonly TogetherRequest[], settings?: TogetherSettings): Promise<Together>;
}

export interface TogetherAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; fails the check when it is not JSON. */
  json(): unknown;
}

export interface Together {
  /** In the order in which the requests were given. Which of several equal requests won is not the same in every grade. */
  readonly answers: readonly TogetherAnswer[];
  /** SQL statements of all of them together, counted as for a single request. */
  readonly statementCount: number;
}
