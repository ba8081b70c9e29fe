import type { HttpRequest } from '@fetchstack/handler-stack'

/**
 * What went wrong before the request was sent, or with its redirect.
 * - `PROVIDER`: the function that gives the credential failed; `cause` is what it threw.
 * - `SECRET`: it gave no string, an empty one, or one with characters that can't be sent.
 * - `OUTSIDE`: the request goes to another origin than the credential may.
 * - `EXISTING`: the request has a credential of its own already.
 * - `USERINFO`: the URL holds a user name or a password.
 * - `REDIRECT`: the server redirects, and the credential would go along.
 */
export type AuthErrorKind = 'PROVIDER' | 'SECRET' | 'OUTSIDE' | 'EXISTING' | 'USERINFO' | 'REDIRECT'

/** A credential could not be given, or was held back. Neither its message nor its `request` shows a secret. */
export class AuthError extends Error {
  override readonly name = 'AuthError' as const
  /** Stable, for code that can't use `instanceof`. */
  readonly code: `FETCHSTACK_AUTH_${AuthErrorKind}`
  /** As it came in, before a credential was written into it. */
  readonly request: HttpRequest

  constructor(kind: AuthErrorKind, scheme: string, request: HttpRequest, problem: string, options?: ErrorOptions) {
    super(`${request.toString()}: ${scheme}: ${problem}`, options)
    this.code = `FETCHSTACK_AUTH_${kind}`
    this.request = request
  }
}
