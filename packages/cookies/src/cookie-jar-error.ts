import type { HttpRequest } from '@fetchstack/handler-stack'

/**
 * The jar failed: its store can't be reached, or is broken. A cookie that breaks the rules is not an error; it is left out.
 *
 * With `phase` `'write'` the server has answered, so the request was sent. The response is released.
 */
export class CookieJarError extends Error {
  override readonly name = 'CookieJarError' as const
  /** Stable, for code that can't use `instanceof`. */
  readonly code = 'FETCHSTACK_COOKIE_JAR' as const
  /** `read`: before the request was sent. `write`: after the response came. */
  readonly phase: 'read' | 'write'
  declare readonly cause: unknown

  constructor(phase: 'read' | 'write', request: HttpRequest, cause: unknown) {
    super(`${request}: the cookie jar failed to ${phase}.`)
    this.phase = phase
    // A getter of its own is what no console looks behind: what a store throws may hold cookies.
    Object.defineProperty(this, 'cause', { get: () => cause })
  }
}
