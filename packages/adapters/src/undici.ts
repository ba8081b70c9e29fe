import type { AnyMiddleware } from '@fetchstack/handler-stack'
import { layersAround } from './middleware-of.ts'
import { answer } from './undici-answer.ts'
import { dispatchHandler } from './undici-dispatch.ts'
import { requestOf } from './undici-request.ts'
import { type Dispatch, type DispatchHandler, type DispatchOptions } from './undici-types.ts'

export type { Dispatch, DispatchController, DispatchHandler, DispatchOptions } from './undici-types.ts'

/** Turns a dispatch into another: what `compose` of every dispatcher takes. */
export type Interceptor = (dispatch: Dispatch) => (options: DispatchOptions, handler: DispatchHandler) => boolean

/**
 * A stack, or one middleware, as an interceptor for `compose` of undici's Agent, Pool, Client and the rest: for `request`, `stream`,
 * `pipeline`, and undici's own `fetch` with that dispatcher.
 *
 * Layers see a request as undici has it: the headers that were given, the body before it is sent, the response before it is decoded.
 * A text or bytes can be sent again, a stream can't; undici's `fetch` makes a stream of every body. Redirects are not followed here,
 * so `redirect()` of `@fetchstack/redirect` works as it is. `CONNECT` and upgrades go past the stack.
 *
 * The layers are resolved once for each dispatcher. The caller's abort ends every wait at once.
 *
 * @param middleware - A stack without a handler of its own, or a middleware.
 * @throws {StackError} It is neither, or the stack was given a handler.
 * @example
 * ```ts
 * import { interceptor } from '@fetchstack/adapters/undici'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { retry } from '@fetchstack/retry'
 *
 * export const withRetry = interceptor(HandlerStack.create().push(retry())) // new Agent().compose(withRetry)
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function interceptor(middleware: AnyMiddleware): Interceptor {
  // Now, not when the first dispatcher comes.
  layersAround(
    middleware,
    dispatchHandler(() => true),
  )
  return function fetchstack(dispatch) {
    const send = layersAround(middleware, dispatchHandler(dispatch)).resolve()
    // With two parameters: undici looks at that.
    return function fetchstackDispatch(options, handler) {
      if (options.upgrade || options.method === 'CONNECT') return dispatch(options as never, handler)
      void answer(handler, (signal) => requestOf(options, handler, signal), send)
      return true
    }
  }
}
