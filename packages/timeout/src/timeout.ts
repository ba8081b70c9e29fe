import { type Clock, type DescribedMiddleware, defineMiddleware, systemClock } from '@fetchstack/handler-stack'
import { checkFunction, checkNumber, checkOneOf, checkOptions } from '@fetchstack/options'
import { sendWithin } from './send-within.ts'

/** Options of {@link timeout}. */
export interface TimeoutOptions {
  /** Milliseconds, at least 1. What is above 2,147,483,647 (24.8 days) strikes then; `Infinity` for none. */
  readonly after: number
  /** Whether the body must be over by then, too, not only the headers there. `false` for streams that never end. Default `true`. */
  readonly body?: boolean
  /** Default: the machine's own time. */
  readonly clock?: Clock
}

/**
 * Cuts a request off that takes too long: outside a retry it bounds the whole call, inside one each attempt.
 *
 * The time runs from the moment that the request reaches the layer until the body of the response is over. Then everything
 * inside is aborted and the caller gets a {@link TimeoutError}: as the rejection, or, when the response is there already, from
 * whatever reads its body. A response that comes later still is released. The caller's own abort rejects at once as well,
 * with the caller's reason. Neither waits for layers inside that don't listen to their signal.
 *
 * A nearer timeout further outside strikes first: this one never gives more time. `call.deadline` says until when.
 *
 * The per-call option is a number of milliseconds in place of `after`, or `false` for none.
 *
 * @param options - The milliseconds, or all options.
 * @throws {OptionError} An option is missing, unknown or out of range.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { timeout } from '@fetchstack/timeout'
 *
 * const api = HandlerStack.create().push(timeout(10_000)).toFetch()
 *
 * const response = await api('https://api.example.com/videos')
 * const upload = await api('https://api.example.com/videos', { method: 'POST', body: 'x', fetchstack: { timeout: 60_000 } })
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function timeout(options: number | TimeoutOptions): DescribedMiddleware<'timeout', number | false> {
  const limit = readOptions(options)
  const { after, body } = limit
  const label = `timeout(${after / 1_000} s${body ? '' : ', headers only'})`
  return defineMiddleware(
    { name: 'timeout', label, checkCallOption },
    (next, name) =>
      function timeout(request, call) {
        const option = call.options[name] as number | false | undefined
        const ms = option === undefined ? after : option || Infinity
        return ms === Infinity ? next(request, call) : sendWithin(ms, limit, name, next, request, call)
      },
  )
}

function readOptions(given: number | TimeoutOptions): Required<TimeoutOptions> {
  const options = typeof given === 'object' ? given : { after: given }
  checkOptions('timeout', options, ['after', 'body', 'clock'])
  const { after, body = true, clock = systemClock } = options
  checkMs('after', after)
  checkOneOf('timeout', 'body', body, [true, false])
  checkFunction('timeout', 'clock.setTimeout', clock?.setTimeout)
  return { after, body, clock }
}

function checkCallOption(value: unknown): void {
  if (value !== false) checkMs('the per-call option', value)
}

function checkMs(option: string, value: unknown): void {
  checkNumber('timeout', option, value, { min: 1, max: Infinity, unit: 'milliseconds (Infinity: none)' })
}
