import { type AnyMiddleware, fetchHandler, StackError } from '@fetchstack/handler-stack'
import { layersAround } from './middleware-of.ts'

/** A request as the SDK hands it on: what `fetch` takes as its second argument, and the URL. */
export interface AnthropicRequest extends Omit<RequestInit, 'headers'> {
  readonly url: string
  readonly headers: Headers
}

/** The SDK's `Middleware`, as far as it is used here. */
export type AnthropicMiddleware = <Request extends AnthropicRequest>(
  request: Request,
  next: (request: Request) => Promise<Response>,
) => Promise<Response>

// Rides in `init` to the end of the stack: `next` is another one in each call.
const nextKey: unique symbol = /* @__PURE__ */ Symbol('fetchstack.anthropic')
type Next = (request: AnthropicRequest) => Promise<Response>
type Carrier = RequestInit & { readonly [nextKey]?: Next }

/**
 * A stack, or one middleware, for the `middleware` option of the Anthropic SDK.
 *
 * The SDK runs it once per attempt of its own, so set its `maxRetries` to 0 when the stack has a retry: attempts would multiply. The
 * SDK resends what its `fetch` rejected with, and not what a layer rejects with.
 *
 * The layers are resolved once. Per-call options go by `fetchOptions: { fetchstack: {...} }` of the SDK's own calls.
 *
 * @param middleware - A stack without a handler of its own, or a middleware.
 * @throws {StackError} It is neither, or the stack was given a handler; or, as a rejection, a wrapper dropped the fields of `init`.
 * @example
 * ```ts
 * import { anthropicMiddleware } from '@fetchstack/adapters/anthropic'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { retry } from '@fetchstack/retry'
 *
 * const stack = HandlerStack.create().push(retry())
 * export const options = { maxRetries: 0, middleware: [anthropicMiddleware(stack)] } // new Anthropic(options)
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function anthropicMiddleware(middleware: AnyMiddleware): AnthropicMiddleware {
  const end = fetchHandler(async function anthropic(input, init) {
    const { [nextKey]: next, ...fields } = (init ?? {}) as Carrier
    if (!next)
      throw new StackError('anthropicMiddleware: a wrapper in the stack dropped what it does not know from init.')
    // The SDK's own middleware read them as `Headers`.
    return next({
      ...fields,
      headers: new Headers(fields.headers),
      url: input instanceof Request ? input.url : `${input}`,
    })
  })
  const fetch = layersAround(middleware, end).toFetch()
  return function anthropicMiddleware(request, next) {
    const { url, ...fields } = request
    const init = { ...fields, [nextKey]: next }
    return fetch(url, init as Parameters<typeof fetch>[1])
  }
}
