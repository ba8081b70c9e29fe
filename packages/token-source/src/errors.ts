/**
 * Why there is no token.
 * - `REFRESH`: the refresh failed; `cause` is what it threw. It is tried again after the back-off.
 * - `TERMINAL`: it was refused for good (`invalid_grant`, `invalid_client`...); `cause` is what it threw. It is not tried again.
 * - `INVALID`: the refresh gave something that is no token.
 * - `TIMEOUT`: it took longer than `flightTimeout`.
 * - `LOCK`: the lock of the store did not come within `lockTimeout`, or failed.
 * - `STORE`: the store could not be read or written.
 */
export type TokenErrorKind = 'REFRESH' | 'TERMINAL' | 'INVALID' | 'TIMEOUT' | 'LOCK' | 'STORE'

/** No token could be had. All who waited for the same refresh get the same error. No secret is in its message. */
export class TokenError extends Error {
  override readonly name = 'TokenError' as const
  /** Stable, for code that can't use `instanceof`. */
  readonly code: `FETCHSTACK_TOKEN_${TokenErrorKind}`
  readonly #cause: unknown

  /** @param options - A `cause` is there for programs, and not printed: what a refresh or a store throws may hold a token. */
  constructor(kind: TokenErrorKind, problem: string, options?: ErrorOptions) {
    super(problem)
    this.code = `FETCHSTACK_TOKEN_${kind}`
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
}

/**
 * Whether a token source failed. Goes by name and code, so it also knows errors of another installed copy.
 *
 * @example
 * ```ts
 * import { isTokenError, makeToken, tokenSource } from '@fetchstack/token-source'
 *
 * const source = tokenSource(async () => makeToken({ value: 'eyJhbGciOi' }))
 * try {
 *   await source.get()
 * } catch (error) {
 *   if (isTokenError(error) && error.code === 'FETCHSTACK_TOKEN_TERMINAL') console.log('log in again')
 * }
 * ```
 */
export function isTokenError(error: unknown): error is TokenError {
  const { name, code } = (error ?? {}) as Partial<TokenError>
  return name === 'TokenError' && String(code).startsWith('FETCHSTACK_TOKEN_')
}
