import { type Clock, type DescribedMiddleware, defineMiddleware, sleep, systemClock } from '@fetchstack/handler-stack'
import { checkNumber, checkOptions } from '@fetchstack/options'

/** Options of `delay`. */
export interface DelayOptions {
  /** Default: `systemClock`. */
  readonly clock?: Clock
}

/**
 * Waits before each request is sent (Guzzle's `delay`). Inside `retry` it waits before each attempt, outside of it once per call.
 * An abort ends the wait at once, with the signal's reason, and nothing is sent.
 *
 * @param milliseconds - 0 waits for nothing. The per-call option is another number of milliseconds.
 * @throws {OptionError} A number is not valid, or an option unknown.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { delay } from '@fetchstack/request-options'
 *
 * const api = HandlerStack.create().push(delay(0)).toFetch()
 * await api('https://api.example.com/videos', { fetchstack: { delay: 500 } })
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function delay(milliseconds: number, options: DelayOptions = {}): DescribedMiddleware<'delay', number> {
  const check = (value: unknown): void => checkNumber('delay', 'milliseconds', value, { unit: 'milliseconds' })
  check(milliseconds)
  checkOptions('delay', options, ['clock'])
  const { clock = systemClock } = options
  return defineMiddleware<'delay', number>(
    { name: 'delay', label: `delay(${milliseconds} ms)`, checkCallOption: check },
    (next, name) =>
      function delay(request, call) {
        const wait = (call.options[name] as number | undefined) ?? milliseconds
        return wait === 0 ? next(request, call) : sleep(clock, wait, request.signal).then(() => next(request, call))
      },
  )
}
