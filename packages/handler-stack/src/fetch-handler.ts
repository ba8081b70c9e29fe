import { OptionError } from '@fetchstack/options'
import type { FetchFunction, Handler } from './contract.ts'
import { fetchArguments } from './fetch-arguments.ts'
import type { HttpRequest } from './http-request.ts'

const fetchOf = new WeakMap<Handler, FetchFunction>()

/**
 * Makes any `fetch` a terminal handler. It settles as that `fetch` does: same response object, same error.
 *
 * @param fetch - Default: `globalThis.fetch`, looked up at each call, so that what instruments it later still takes part.
 * @throws {OptionError} `fetch` is no function.
 * @example
 * ```ts
 * import { fetchHandler, HandlerStack } from '@fetchstack/handler-stack'
 * import { fetch as undiciFetch } from 'undici'
 *
 * const stack = HandlerStack.create(fetchHandler(undiciFetch as unknown as typeof fetch))
 * ```
 */
export function fetchHandler(fetch?: FetchFunction): Handler {
  if (fetch !== undefined && typeof fetch !== 'function') {
    throw new OptionError('fetchHandler', 'fetch', 'fetch must be a function with the signature of the standard fetch.')
  }
  const handler: Handler = (request) => {
    if (typeof request.body === 'function') return sendMade(fetch ?? globalThis.fetch, request, request.body)
    const [input, init] = fetchArguments(request)
    const send = fetch ?? globalThis.fetch
    return init === undefined ? send(input) : send(input, init)
  }
  Object.defineProperty(handler, 'name', { value: fetch?.name || 'fetch' })
  if (fetch !== undefined) fetchOf.set(handler, fetch)
  return handler
}

async function sendMade(
  send: FetchFunction,
  request: HttpRequest,
  make: Extract<HttpRequest['body'], (...args: never) => unknown>,
): Promise<Response> {
  return send(...fetchArguments(request, await make()))
}

/** The `fetch` that a terminal handler was made of; `globalThis.fetch` for any other handler. */
export function underlyingFetch(handler: Handler): FetchFunction {
  return fetchOf.get(handler) ?? globalThis.fetch
}
