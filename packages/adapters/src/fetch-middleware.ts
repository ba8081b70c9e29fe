import { type AnyMiddleware, type FetchFunction, fetchHandler, type StackFetch } from '@fetchstack/handler-stack'
import { layersAround } from './middleware-of.ts'

/** Whatever is called as `fetch` is, at least with a URL as text. */
export type AnyFetch = (input: string, init: never) => Promise<Response>

/** What turns a fetch into another, as the MCP SDK, wretch and fetch-extras take it. The result takes all that a `fetch` does. */
export type FetchMiddleware = (next: AnyFetch) => StackFetch

/**
 * A stack, or one middleware, where a library wants a function that turns a fetch into another.
 *
 * The stack's layers are resolved once for each fetch that comes in. Its own end takes no part: what comes in is the end.
 *
 * @param middleware - A stack without a handler of its own, or a middleware.
 * @throws {StackError} It is neither, or the stack was given a handler.
 * @example
 * ```ts
 * import { toFetchMiddleware } from '@fetchstack/adapters'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { retry } from '@fetchstack/retry'
 *
 * const withRetry = toFetchMiddleware(HandlerStack.create().push(retry()))
 * export const patientFetch = withRetry(fetch)
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function toFetchMiddleware(middleware: AnyMiddleware): FetchMiddleware {
  // Now, not when the first fetch comes.
  layersAround(middleware, fetchHandler())
  return function fetchMiddleware(next) {
    return layersAround(middleware, fetchHandler(next as FetchFunction)).toFetch()
  }
}
