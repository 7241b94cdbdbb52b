import type { TogetherRequest } from './together-api';

/** Types of `connections`, for authors of checks. */

/** Sessions with the database that were seen at the proxy in front of it. */
export interface ConnectionFigures {
  /** Opened in that time. */
  readonly opened: number;
  /** Most that were open at once. */
  readonly peak: number;
  /** Still open when the project had come to rest. */
  readonly left: number;
  /** Turned away for the limit. */
  readonly refused: number;
}

export interface ConnectionHabit {
  /**
   * `per-request`: each request opens a session of its own. `persistent`: a session is kept for the next request, and as many are
   * opened as requests come at once. `pooled`: fewer sessions than requests at once, and none is opened anew.
   */
  readonly kind: 'per-request' | 'persistent' | 'pooled';
  /** Sessions opened by that many requests one after the other. */
  readonly openedOneByOne: number;
  /** By requests at the same time, the second time that they came. */
  readonly together: ConnectionFigures;
}

export interface CheckConnections {
  /**
   * Counts the project's sessions while `work` runs.
   *
   * @param settings `limit`: how many may be open at once; further ones are refused as the server would do (`too many connections`)
   */
  during<T>(work: () => Promise<T>, settings?: { readonly limit?: number }): Promise<ConnectionFigures & { readonly value: T }>;
  /** How the project treats its sessions, seen with requests one after the other and with so many at the same time (8 when left out). */
  habit(request: TogetherRequest, together?: number): Promise<ConnectionHabit>;
}
