import type { HttpAnswer } from './http-api';

/**
 * `context.origins`: what a project lets pages of other origins do, as a browser would see it. See docs/checks/browser-origins.md. A check
 * asks with `http.get(path, { origin })` and `http.options(path, { origin, headers: origins.preflight('POST') })`.
 */
export interface CheckOrigins {
  /** Headers of a preflight request. */
  preflight(method: string, headers?: readonly string[]): Readonly<Record<string, string>>;
  /** What an answer allows. */
  grants(answer: HttpAnswer): CrossOriginGrants;
  /** Origins that are not this one, but are let in where origins are compared carelessly. @param allowed for example `https://shop.example` */
  lookAlikes(allowed: string): readonly string[];
}

export interface CrossOriginGrants {
  /** `Access-Control-Allow-Origin`: one origin, `*`, or null. */
  readonly origin: string | null;
  /** Whether cookies and credentials may be sent. */
  readonly credentials: boolean;
  /** In upper case. */
  readonly methods: readonly string[];
  /** In lower case. */
  readonly headers: readonly string[];
  /** Whether a cache is told that answers differ by origin. */
  readonly variesByOrigin: boolean;
  /** Whether a page of this origin may read the answer: by name, or since everybody may. */
  allows(origin: string): boolean;
}
