import { OptionError } from '@fetchstack/options'
import { Call } from './call.ts'
import type { FetchFunction, FetchInput, Middleware } from './contract.ts'
import { fetchArguments } from './fetch-arguments.ts'
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
 * @throws {OptionError} `wrapper` is no function.
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
  if (typeof wrapper !== 'function') {
    throw new OptionError('fromFetchWrapper', 'wrapper', 'wrapper must be a function that takes a fetch and returns one.')
  }
  return function fetchWrapper(next) {
    const inner = (input: FetchInput, init?: RequestInit): Promise<Response> => {
      const call = (init as Carrier | undefined)?.[callKey] ?? new Call()
      return next(HttpRequest.from(input, init), call)
    }
    const wrapped = wrapper(inner)
    if (typeof wrapped !== 'function') {
      throw new OptionError('fromFetchWrapper', 'wrapper', `wrapper ${wrapper.name} must return a fetch, got ${typeof wrapped}.`)
    }
    return async function fetchWrapper(request, call) {
      const body = typeof request.body === 'function' ? await request.body() : undefined
      const [input, init] = fetchArguments(request, body)
      return wrapped(input, { ...init, [callKey]: call } as RequestInit)
    }
  }
}
