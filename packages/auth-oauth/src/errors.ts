/**
 * Why the authorization server gave no token.
 * - `REFUSED`: it answered with an OAuth error; `error` and `errorDescription` have it (RFC 6749 §5.2).
 * - `STATUS`: it answered with a status and no OAuth error: 500, 404...
 * - `REDIRECT`: it redirects. Secrets are not sent on.
 * - `CONTENT_TYPE`: its answer is no JSON, and does not say so either: an HTML page...
 * - `RESPONSE`: its answer is no token response (RFC 6749 §5.1): no JSON, no `access_token` that can be sent, an
 *   `expires_in` that is no number.
 * - `TOKEN_TYPE`: the token is of another type than it was asked for: `Bearer`, or `DPoP` with a key.
 * - `TOO_LARGE`: the answer is longer than 64 KiB.
 * - `METADATA`: discovery failed, or the metadata has no token endpoint.
 * - `INSECURE`: an endpoint is neither https nor on loopback.
 * - `NETWORK`: no answer; `cause` is what `fetch` threw.
 * - `CREDENTIAL`: a secret, a key or an assertion that the request needs could not be had or used; `cause` is what was thrown.
 * - `NO_REFRESH_TOKEN`: there is none to refresh with.
 */
export type OAuthErrorKind =
  | 'REFUSED'
  | 'STATUS'
  | 'REDIRECT'
  | 'CONTENT_TYPE'
  | 'RESPONSE'
  | 'TOKEN_TYPE'
  | 'TOO_LARGE'
  | 'METADATA'
  | 'INSECURE'
  | 'NETWORK'
  | 'CREDENTIAL'
  | 'NO_REFRESH_TOKEN'

/** What an {@link OAuthError} may know of the answer. */
export interface OAuthErrorDetails extends ErrorOptions {
  readonly status?: number | undefined
  readonly error?: string | undefined
  readonly errorDescription?: string | undefined
}

/** There is no token. It holds nothing that was sent, and of the answer only what RFC 6749 §5.2 names, shortened. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError' as const
  /** Stable, for code that can't use `instanceof`. */
  readonly code: `FETCHSTACK_OAUTH_${OAuthErrorKind}`
  /** Of the answer, where there was one. */
  readonly status: number | undefined
  /** `invalid_grant`, `invalid_client`...: what the server calls it, at most 100 characters. */
  readonly error: string | undefined
  /** What the server says of it, at most 200 characters. */
  readonly errorDescription: string | undefined
  readonly #cause: unknown

  /**
   * @param problem - Must hold no secret.
   * @param details - A `cause` is there for programs, and not printed: nobody knows what it holds.
   */
  constructor(kind: OAuthErrorKind, problem: string, details: OAuthErrorDetails = {}) {
    super(`oauthToken: ${problem}`)
    this.code = `FETCHSTACK_OAUTH_${kind}`
    this.status = details.status
    this.error = details.error
    this.errorDescription = details.errorDescription
    if (!('cause' in details)) return
    this.#cause = details.cause
    // No console and no crash report looks behind a getter of its own; but Bun's do, and there only `util.inspect` looks behind
    // that of the class.
    if ('Bun' in globalThis)
      Object.defineProperty(this, Symbol.for('nodejs.util.inspect.custom'), { value: () => this.stack })
    else Object.defineProperty(this, 'cause', { get: () => this.#cause })
  }

  override get cause(): unknown {
    return this.#cause
  }
}

/**
 * Whether an authorization server gave no token. Goes by name and code, so it also knows errors of another installed copy.
 *
 * @example
 * ```ts
 * import { clientAuth, isOAuthError, oauth } from '@fetchstack/auth-oauth'
 *
 * const source = oauth({
 *   server: 'https://login.example.com',
 *   client: { id: 'my-app', auth: clientAuth.basic('s3cret') },
 *   grant: { type: 'client_credentials' },
 * })
 * const failure = await source.get().catch((error: Error) => error.cause)
 * if (isOAuthError(failure)) console.log(failure.code, failure.error)
 * ```
 */
export function isOAuthError(error: unknown): error is OAuthError {
  const { name, code } = (error ?? {}) as Partial<OAuthError>
  return name === 'OAuthError' && String(code).startsWith('FETCHSTACK_OAUTH_')
}
