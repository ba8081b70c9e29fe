import { checkFunction } from '@fetchstack/options'
import type { Call } from '../call.ts'
import { type DescribedMiddleware, defineMiddleware } from '../describe.ts'
import { StackError } from '../errors.ts'
import type { HttpRequest } from '../http-request.ts'
import { release } from '../release.ts'

/** Gives the response that goes on. Whoever returns another one reads or releases the one that it got. */
export type ResponseMapper = (response: Response, request: HttpRequest, call: Call) => Response | Promise<Response>

/**
 * Changes each response on its way out, or throws in its place. Not called for rejections.
 * The call rejects with what `map` throws, and with a `StackError` when it returns no response.
 *
 * @throws {OptionError} `map` is no function.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { mapResponse } from '@fetchstack/handler-stack/middleware'
 *
 * const api = HandlerStack.create()
 *   .push(
 *     mapResponse((response) => {
 *       if (response.headers.get('content-type') !== 'application/json') throw new TypeError('The answer is no JSON.')
 *       return response
 *     }),
 *     'only-json',
 *   )
 *   .toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function mapResponse(map: ResponseMapper): DescribedMiddleware<'map-response'> {
  checkFunction('mapResponse', 'map', map)
  return defineMiddleware(
    { name: 'map-response', label: `mapResponse(${map.name})` },
    (next) =>
      function mapResponse(request, call) {
        return next(request, call).then((response) => {
          const mapped = map(response, request, call)
          if (isResponse(mapped)) return mapped
          return Promise.resolve(mapped).then((other) => checked(other, response))
        })
      },
  )
}

function checked(mapped: unknown, response: Response): Response {
  if (isResponse(mapped)) return mapped
  release(response)
  throw new StackError(`mapResponse: map must return a Response: the one it got, or another; got ${typeof mapped}.`)
}

/** By its shape, not by `instanceof`: polyfills and other realms have a `Response` of their own. */
function isResponse(value: unknown): value is Response {
  return typeof (value as Response | null | undefined)?.status === 'number'
}
