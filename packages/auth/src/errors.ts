import type { HttpRequest } from '@fetchstack/handler-stack'

/**
 * What went wrong before the request was sent, or with its answer.
 * - `PROVIDER`: the function or the source that gives the credential failed; `cause` is what it threw.
 * - `SECRET`: it gave no string, an empty one, or one with characters that can't be sent.
 * - `TOKEN_TYPE`: it gave a token that must be sent in another way (RFC 6749 §7.1): one of type DPoP is no bearer token.
 * - `OUTSIDE`: the request goes to another origin than the credential may.
 * - `EXISTING`: the request has a credential of its own already.
 * - `USERINFO`: the URL holds a user name or a password.
 * - `REDIRECT`: the server redirects, and the credential would go along.
 * - `BODY`: the body must be known before it is sent, and can't be: it has been read, or it is longer than `bodyLimit`.
 * - `CHALLENGE`: the server wants a scheme that is not configured, or a weaker one than before.
 * - `PROOF`: the server's own proof is wrong (Digest's `rspauth`).
 */
export type AuthErrorKind =
  | 'PROVIDER'
  | 'SECRET'
  | 'TOKEN_TYPE'
  | 'OUTSIDE'
  | 'EXISTING'
  | 'USERINFO'
  | 'REDIRECT'
  | 'BODY'
  | 'CHALLENGE'
  | 'PROOF'

/** A credential could not be given, or was held back. Neither its message nor its `request` shows a secret. */
export class AuthError extends Error {
  override readonly name = 'AuthError' as const
  /** Stable, for code that can't use `instanceof`. */
  readonly code: `FETCHSTACK_AUTH_${AuthErrorKind}`
  // Out of sight of whatever prints errors: Bun's console shows all fields, a URL with its password among them.
  readonly #request: HttpRequest
  readonly #cause: unknown

  /**
   * @param scheme - Whose error it is: the scheme's name.
   * @param request - As it came in.
   * @param problem - The rest of the message. Must hold no secret.
   * @param options - A `cause` is there for programs, and not printed: nobody knows what it holds.
   */
  constructor(kind: AuthErrorKind, scheme: string, request: HttpRequest, problem: string, options?: ErrorOptions) {
    super(`${request}: ${scheme}: ${problem}`)
    this.code = `FETCHSTACK_AUTH_${kind}`
    this.#request = request
    if (!options) return
    this.#cause = options.cause
    // No console and no crash report looks behind a getter of its own; but Bun's do, and there only `util.inspect` looks behind
    // that of the class.
    if ('Bun' in globalThis)
      Object.defineProperty(this, Symbol.for('nodejs.util.inspect.custom'), { value: () => this.stack })
    else Object.defineProperty(this, 'cause', { get: () => this.#cause })
  }

  override get cause(): unknown {
    return this.#cause
  }

  /** As it came in, before a credential was written into it. */
  get request(): HttpRequest {
    return this.#request
  }
}
