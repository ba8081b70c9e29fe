import { Call } from './call.ts'
import type { FetchFunction, Middleware } from './contract.ts'
import { checkType } from './errors.ts'
import { send } from './fetch-handler.ts'
import { HttpRequest } from './http-request.ts'

/** Turns a `fetch` into another: the shape of fetch-extras, fetch-retry, wretch's middlewares and many more. */
export type FetchWrapper = (fetch: FetchFunction) => FetchFunction

// Rides in `init` through the wrapper, so that the layers inside still know the call.
const callKey: unique symbol = /* @__PURE__ */ Symbol('fetchstack.call')
type Carrier = { readonly [callKey]?: Call }

/**
 * Lifts any `fetch => fetch` wrapper into a middleware. The wrapper is applied once per resolved stack, so it may keep state.
 * One that drops what it does not know from `init` cuts the thread: the layers inside then see a new, empty `Call`.
 *
 * @throws {StackError} `wrapper` is no function, or (when the stack is resolved) returns none.
 * @example
 * ```ts
 * import { fromFetchWrapper, HandlerStack } from '@fetchstack/handler-stack'
 *
 * const logged = fromFetchWrapper((fetch) => async (input, init) => {
 *   const response = await fetch(input, init)
 *   console.log(response.status)
 *   return response
 * })
 *
 * export const api = HandlerStack.create().push(logged, 'logged').toFetch()
 * ```
 */
export function fromFetchWrapper(wrapper: FetchWrapper): Middleware {
  checkType(wrapper, 'A fetch wrapper')
  return function fetchWrapper(next) {
    const wrapped = wrapper(async (input, init) =>
      next(HttpRequest.from(input, init), (init as Carrier | undefined)?.[callKey] ?? new Call()),
    )
    checkType(wrapped, 'What a fetch wrapper returns')
    return async function fetchWrapper(request, call) {
      return send(wrapped, request, { [callKey]: call })
    }
  }
}
