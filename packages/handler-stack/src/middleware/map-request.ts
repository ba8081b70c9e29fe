import { checkFunction } from '@fetchstack/options'
import type { Call } from '../call.ts'
import { type DescribedMiddleware, defineMiddleware } from '../describe.ts'
import { StackError } from '../errors.ts'
import type { HttpRequest } from '../http-request.ts'

/** Gives the request that goes on: the one it got, or a copy made by `with`, `withHeader` or `withoutHeader`. */
export type RequestMapper = (request: HttpRequest, call: Call) => HttpRequest | Promise<HttpRequest>

/**
 * Changes each request on its way in. Waits for nothing when `map` returns the request itself rather than a promise.
 * The call rejects with what `map` throws, and with a `StackError` when it returns no request.
 *
 * @throws {OptionError} `map` is no function.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { mapRequest } from '@fetchstack/handler-stack/middleware'
 *
 * export const api = HandlerStack.create()
 *   .push(mapRequest((request) => request.withHeader('accept', 'application/json')), 'accept-json')
 *   .toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function mapRequest(map: RequestMapper): DescribedMiddleware<'map-request'> {
  checkFunction('mapRequest', 'map', map)
  return defineMiddleware(
    { name: 'map-request', label: `mapRequest(${map.name})` },
    (next) =>
      function mapRequest(request, call) {
        try {
          const mapped = map(request, call)
          if (isHttpRequest(mapped)) return next(mapped, call)
          return Promise.resolve(mapped).then((request) => next(checked(request), call))
        } catch (error) {
          return Promise.reject(error)
        }
      },
  )
}

function checked(mapped: unknown): HttpRequest {
  if (isHttpRequest(mapped)) return mapped
  throw new StackError(`mapRequest: map must return an HttpRequest: the one it got, or a copy; got ${typeof mapped}.`)
}

/** By its shape: there may be two installed copies of this package. */
function isHttpRequest(value: unknown): value is HttpRequest {
  return typeof (value as HttpRequest | null | undefined)?.withHeader === 'function'
}
