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
  readonly #cause: unknown

  constructor(phase: 'read' | 'write', request: HttpRequest, cause: unknown) {
    super(`${request}: the cookie jar failed to ${phase}.`)
    this.phase = phase
    this.#cause = cause
    // What a store throws may hold cookies. No console looks behind a getter of its own; but Bun's does, and there only
    // `util.inspect` looks behind that of the class.
    if ('Bun' in globalThis)
      Object.defineProperty(this, Symbol.for('nodejs.util.inspect.custom'), { value: () => this.stack })
    else Object.defineProperty(this, 'cause', { get: () => this.#cause })
  }

  override get cause(): unknown {
    return this.#cause
  }
}
