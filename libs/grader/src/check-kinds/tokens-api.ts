/**
 * `context.tokens`: access tokens that a project must refuse, made from one that it gave, and JWTs that it must accept. See
 * docs/checks/tokens.md. A check sends them with `http.get(path, { token })`.
 */
export interface CheckTokens {
  /** What stands in a JWT, whoever signed it; fails the check when it is none. */
  claims(token: string): Readonly<Record<string, unknown>>;
  /**
   * A JWT with these claims, signed by HS256 with the project's own `DJANGO_SECRET_KEY`, or with another key. `iat` is now and `exp` in
   * an hour unless the claims say otherwise.
   */
  sign(claims: Readonly<Record<string, unknown>>, settings?: { readonly key?: string }): string;
  /** A JWT whose time is over, otherwise the same and signed rightly. It shows nothing of a project that has another key: send `sign(claims(token))` too. */
  expired(token: string): string;
  /** The same claims, signed with a key that is not the project's. */
  signedByOthers(token: string): string;
  /** Versions of a token, JWT or not, that were never given to anybody; the same for the same token. Every one must be refused. */
  tampered(token: string): readonly { readonly name: string; readonly token: string }[];
}
