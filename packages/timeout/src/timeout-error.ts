import type { HttpRequest } from '@fetchstack/handler-stack'

/** What was going on when a {@link TimeoutError} struck. */
export interface TimeoutFacts {
  /** Milliseconds that were allowed. */
  readonly timeout: number
  /** What was waited for: the headers of the response, or the rest of its body. */
  readonly phase: 'headers' | 'body'
  /** The name that the timeout has in its stack: `attempt-timeout`. */
  readonly layer: string
  /** The attempt that was under way, counted from 1. */
  readonly attempt: number
}

/**
 * A `timeout` layer cut the request off. Its `name` is that of the platform's own timeouts (`AbortSignal.timeout`), so code
 * that asks for `error.name === 'TimeoutError'` takes it for one.
 *
 * Whether the server acted on the request is not known.
 */
export class TimeoutError extends Error implements TimeoutFacts {
  override readonly name = 'TimeoutError' as const
  readonly code = 'FETCHSTACK_TIMEOUT' as const
  declare readonly timeout: number
  declare readonly phase: 'headers' | 'body'
  declare readonly layer: string
  declare readonly attempt: number
  // Out of sight of whatever prints errors: a response prints its URL with the query, and cookies. Bun prints what hangs on an
  // error without asking it how, and so the headers of a request.
  readonly #request: HttpRequest
  readonly #response: Response | undefined

  constructor(facts: TimeoutFacts, request: HttpRequest, response?: Response) {
    const what = facts.phase === 'body' ? 'body not complete' : 'no response'
    super(`${request.toString()} ${what} within ${facts.timeout} ms (${facts.layer})`)
    Object.assign(this, facts)
    this.#request = request
    this.#response = response
    // axios writes to the response of any error that it wraps, and would fail with another one at what can only be read.
    if (response) Reflect.defineProperty(response, 'headers', { value: response.headers, writable: true })
  }

  /** The request, as the layer got it. */
  get request(): HttpRequest {
    return this.#request
  }

  /** The response whose body was late; `undefined` when no headers came. Its body can't be read any more. */
  get response(): Response | undefined {
    return this.#response
  }
}

/**
 * Whether a `timeout` layer cut the request off. Goes by name and code, so it also knows errors of another installed copy.
 *
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { isTimeoutError, timeout } from '@fetchstack/timeout'
 *
 * const api = HandlerStack.create().push(timeout(10_000)).toFetch()
 * try {
 *   await api('https://api.example.com/videos')
 * } catch (error) {
 *   if (!isTimeoutError(error)) throw error
 *   console.log(error.message) // [GET] https://api.example.com/videos no response within 10000 ms (timeout)
 * }
 * ```
 */
export function isTimeoutError(error: unknown): error is TimeoutError {
  const { name, code } = (error ?? {}) as Partial<TimeoutError>
  return name === 'TimeoutError' && code === 'FETCHSTACK_TIMEOUT'
}
