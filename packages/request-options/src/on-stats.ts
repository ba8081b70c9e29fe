import {
  type Call,
  type Clock,
  type DescribedMiddleware,
  defineMiddleware,
  type HttpRequest,
  redactUrl,
  systemClock,
} from '@fetchstack/handler-stack'
import { checkFunction, checkOptions } from '@fetchstack/options'

/** What is known of a request when its answer, or its failure, is there. */
export interface TransferStats {
  readonly method: string
  /** Of the answer where there is one, else of the request. Without credentials and query values: see `redactUrl`. */
  readonly url: string
  /** The attempt of the call, counted from 1. */
  readonly attempt: number
  /** From the start until the headers of the answer were there, or it failed, in milliseconds. */
  readonly transferTime: number
  /** `undefined` where it failed. */
  readonly status: number | undefined
  /** What it failed with; `undefined` for an answer, whatever its status. */
  readonly error: unknown
}

/** Options of `onStats`. */
export interface StatsOptions {
  /** Default: `systemClock`. */
  readonly clock?: Pick<Clock, 'now'>
}

/**
 * Tells how long each request took and what came of it (Guzzle's `on_stats`). Inside `retry` it tells of each attempt, outside of
 * it of the whole call. The time is until the headers: the body may still be on its way.
 *
 * @param tell - Called once per request. What it throws rejects the call.
 * @throws {OptionError} `tell` is no function, or an option is unknown.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { onStats } from '@fetchstack/request-options'
 *
 * const api = HandlerStack.create()
 *   .push(onStats(({ url, status, transferTime }) => console.log(url, status, transferTime)))
 *   .toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function onStats(
  tell: (stats: TransferStats, request: HttpRequest, call: Call) => void,
  options: StatsOptions = {},
): DescribedMiddleware<'on-stats'> {
  checkFunction('onStats', 'tell', tell)
  checkOptions('onStats', options, ['clock'])
  const { clock = systemClock } = options
  return defineMiddleware(
    { name: 'on-stats' },
    (next) =>
      async function onStats(request, call) {
        const start = clock.now()
        const report = (url: string, status: number | undefined, error: unknown): void =>
          tell(
            {
              method: request.method,
              url: redactUrl(url),
              attempt: call.attempt,
              transferTime: Math.max(0, clock.now() - start),
              status,
              error,
            },
            request,
            call,
          )
        let response: Response
        try {
          response = await next(request, call)
        } catch (error) {
          report(request.url, undefined, error)
          throw error
        }
        report(response.url || request.url, response.status, undefined)
        return response
      },
  )
}
