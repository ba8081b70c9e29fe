import { type HttpRequest, redactUrl } from '@fetchstack/handler-stack'
import type { Redirect } from './history.ts'

/**
 * Why a redirect was not followed.
 * - `TOO_MANY`: `max` were followed already.
 * - `LOCATION`: the `Location` is no URL, or there are several.
 * - `PROTOCOL`: it leads to another protocol than `protocols` has.
 * - `DOWNGRADE`: it leads from https to http.
 * - `USERINFO`: it holds a user name or a password.
 * - `ORIGIN`: it leaves the origin, with `sameOrigin`.
 * - `BODY`: the body has to be sent again, and can't be.
 * - `WAIT`: the server asks for a longer wait than `retryAfter`, or than the call has time.
 * - `REFUSED`: the request says `redirect: 'error'`.
 * - `OPAQUE`: a browser does not show where it leads, and it can't be left to the browser.
 */
export type RedirectErrorKind =
  | 'TOO_MANY'
  | 'LOCATION'
  | 'PROTOCOL'
  | 'DOWNGRADE'
  | 'USERINFO'
  | 'ORIGIN'
  | 'BODY'
  | 'WAIT'
  | 'REFUSED'
  | 'OPAQUE'

/**
 * A redirect was not followed; nothing was sent to where it leads. A `TypeError`, as what `fetch` throws then, but never one of
 * the network: a retry does not repeat it. Its message and what it prints show no query values.
 */
export class RedirectError extends TypeError {
  override readonly name = 'RedirectError' as const
  /** Stable, for code that can't use `instanceof`. */
  readonly code: `FETCHSTACK_REDIRECT_${RedirectErrorKind}`
  // Out of sight of whatever prints errors: whole URLs, and a response prints its cookies.
  readonly #request: HttpRequest
  readonly #response: Response
  readonly #redirects: readonly Redirect[]

  constructor(
    kind: RedirectErrorKind,
    request: HttpRequest,
    response: Response,
    redirects: readonly Redirect[],
    problem: string,
  ) {
    const location = response.headers.get('location')
    const target = location === null ? '' : ` (${response.status} to ${redactUrl(location)})`
    super(`${request.toString()}: the redirect${target} is not followed: ${problem}`)
    this.code = `FETCHSTACK_REDIRECT_${kind}`
    this.#request = request
    this.#response = response
    this.#redirects = redirects
  }

  /** The request that was redirected, as this layer sent it on. */
  get request(): HttpRequest {
    return this.#request
  }

  /** The redirect. Its status and headers can be read; its body is released. */
  get response(): Response {
    return this.#response
  }

  /** The redirects that were followed before, oldest first. */
  get redirects(): readonly Redirect[] {
    return this.#redirects
  }
}

/**
 * Whether a redirect was not followed. Goes by name and code, so it also knows errors of another installed copy.
 *
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { isRedirectError, redirect } from '@fetchstack/redirect'
 *
 * const api = HandlerStack.create().push(redirect({ sameOrigin: true })).toFetch()
 * try {
 *   await api('https://example.com/old')
 * } catch (error) {
 *   if (!isRedirectError(error)) throw error
 *   console.log(error.code, error.response.headers.get('location'))
 * }
 * ```
 */
export function isRedirectError(error: unknown): error is RedirectError {
  const { name, code } = (error ?? {}) as Partial<RedirectError>
  return name === 'RedirectError' && String(code).startsWith('FETCHSTACK_REDIRECT_')
}
