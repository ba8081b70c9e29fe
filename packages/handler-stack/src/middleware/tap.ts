import { checkFunction } from '@fetchstack/options'
import type { Call } from '../call.ts'
import { type DescribedMiddleware, defineMiddleware } from '../describe.ts'
import type { HttpRequest } from '../http-request.ts'
import { release } from '../release.ts'
import { attempt } from './attempt.ts'

/** Looks at a request before it goes on. */
export type TapBefore = (request: HttpRequest, call: Call) => void

/** Looks at a request after it went on. `promise` is the very one that the caller gets. */
export type TapAfter = (request: HttpRequest, call: Call, promise: Promise<Response>) => void

/**
 * Looks at requests and changes nothing; what the functions return is ignored, what they throw rejects the call.
 * `after` runs as soon as the request was handed on, so before there is a response: wait for `promise` to see that.
 *
 * @param before - Default: nothing.
 * @param after - Default: nothing.
 * @throws {OptionError} One of them is no function.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { tap } from '@fetchstack/handler-stack/middleware'
 *
 * let underway = 0
 * const count = tap(
 *   () => underway++,
 *   (_request, _call, promise) => void promise.catch(() => {}).then(() => underway--),
 * )
 * export const api = HandlerStack.create().push(count, 'count').toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function tap(before?: TapBefore, after?: TapAfter): DescribedMiddleware<'tap'> {
  if (before !== undefined) checkFunction('tap', 'before', before)
  if (after !== undefined) checkFunction('tap', 'after', after)
  return defineMiddleware(
    { name: 'tap' },
    (next) =>
      function tap(request, call) {
        let promise: Promise<Response> | undefined
        try {
          before?.(request, call)
          promise = attempt(next, request, call)
          after?.(request, call, promise)
          return promise
        } catch (error) {
          promise?.then(release, () => {})
          return Promise.reject(error)
        }
      },
  )
}
