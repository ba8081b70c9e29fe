import {
  type Call,
  type DescribedMiddleware,
  defineMiddleware,
  type Handler,
  type HttpRequest,
  systemClock,
} from '@fetchstack/handler-stack'
import { checkFunction, checkOptions, refuse } from '@fetchstack/options'
import { budgetBook, policy } from '@fetchstack/retry-decision'
import { attemptLimit, continueAttempts, type Setting } from './attempts.ts'
import { type Decider, type DelayFunction, exponentialDelay, type Guzzle, guzzlePolicy } from './guzzle.ts'
import { type Ending, endingOf } from './judge.ts'
import { OWN_OPTIONS, type RetryCallOptions, type RetryOptions } from './options.ts'

/**
 * Resends what failed for a passing reason.
 *
 * Going out it passes the request on; when an attempt fails it classifies the outcome, asks the policy, waits and sends the
 * same request again. What comes back is the last response or error itself, unchanged; `explain` tells how it came to it.
 * A response that is replaced is released, so that it holds no socket. A caller's `Request` with a body is resent whole; a
 * stream can't be, and the call is given up with that reason. A wait ends at once when the caller aborts, with the
 * caller's reason. A success at the first attempt costs next to nothing and leaves no record.
 *
 * Defaults (sources: the README of retry-decision): 3 attempts, full jitter from 100 ms, Retry-After as a floor up to
 * 60 s, methods of RFC 9110 §9.2.2, a retry budget of 10 % per origin.
 *
 * @param options - A policy, any part of one, or Guzzle's decider function.
 * @param delay - With a decider: the wait in milliseconds. Default: `exponentialDelay`.
 * @throws {OptionError} An option is unknown, out of range or contradicts another.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { retry } from '@fetchstack/retry'
 *
 * const api = HandlerStack.create().push(retry({ maxAttempts: 4 })).toFetch()
 * const response = await api('https://api.example.com/videos', { fetchstack: { retry: { maxAttempts: 2 } } })
 * ```
 */
export function retry(options?: RetryOptions): DescribedMiddleware<'retry', RetryCallOptions>
export function retry(decider: Decider, delay?: DelayFunction): DescribedMiddleware<'retry', RetryCallOptions>
export function retry(
  options: RetryOptions | Decider = {},
  delay: DelayFunction = exponentialDelay,
): DescribedMiddleware<'retry', RetryCallOptions> {
  if (typeof options !== 'function') return byPolicy(options)
  checkFunction('retry', 'delay', delay)
  return byPolicy(guzzlePolicy, { decider: options, delay })
}

function byPolicy(options: RetryOptions, guzzle?: Guzzle): DescribedMiddleware<'retry', RetryCallOptions> {
  checkOptions('retry', options, [...Object.keys(policy()), ...OWN_OPTIONS])
  const { readers, hintReaders, budgetKey, onDecision, clock = systemClock, random = Math.random, ...rest } = options
  for (const [option, value] of Object.entries({ budgetKey, onDecision, random })) {
    if (value !== undefined) checkFunction('retry', option, value)
  }
  checkFunction('retry', 'clock.setTimeout', clock?.setTimeout)
  for (const [option, list] of Object.entries({ readers, hintReaders })) {
    if (list === undefined) continue
    if (!Array.isArray(list)) refuse('retry', option, list, 'an array')
    for (const [index, reader] of list.entries()) checkFunction('retry', `${option}[${index}]`, reader)
  }
  const base = policy(rest, 'retry')
  const setting: Setting = {
    policy: base,
    book: base.budget === false ? undefined : budgetBook(base.budget),
    keyOf: budgetKey ?? ((request) => request.origin),
    classification: readers === undefined ? {} : { readers },
    hintReaders,
    random,
    guzzle,
    clock,
    onDecision,
  }
  const variant = (changes: Exclude<RetryCallOptions, false>): Setting => {
    const set = Object.entries(changes).filter(([, value]) => value !== undefined)
    // Over what was given, not over the defaults: a schedule is that of throttled outcomes, too, unless those have their own.
    const changed = policy({ ...rest, ...Object.fromEntries(set) }, 'retry')
    return { ...setting, policy: changed, book: changed.budget === false ? undefined : setting.book }
  }
  const { maxAttempts, transparentRetries } = base
  const label = guzzle
    ? guzzle.decider.name || 'decider'
    : `${maxAttempts} attempts${transparentRetries > 0 ? `, ${transparentRetries} transparent` : ''}`
  return defineMiddleware(
    {
      name: 'retry',
      label: `retry(${label})`,
      scope: 'call',
      reenters: maxAttempts,
      wants: [
        {
          position: 'inside',
          of: 'timeout',
          required: true,
          orElse: 'nothing bounds a call with all its attempts and waits',
        },
      ],
      checkCallOption(value) {
        if (value === false) return
        checkOptions('retry', value, Object.keys(base))
        variant(value as Exclude<RetryCallOptions, false>)
      },
    },
    (next, name) =>
      function retry(request, call) {
        const option = call.options[name] as RetryCallOptions | undefined
        if (option === false) return next(request, call)
        return begin(option === undefined ? setting : variant(option), name, next, request, call)
      },
  )
}

/** The first attempt. p-retry is entered only when it did not simply succeed: around every call it costs 0.7 µs. */
function begin(setting: Setting, name: string, next: Handler, request: HttpRequest, call: Call): Promise<Response> {
  const { book, keyOf, clock, guzzle } = setting
  const { deadline, attempt: from } = call
  const { replay } = request
  const key = book && keyOf(request)
  const at = book ? clock.now() : 0
  if (key !== undefined) book!.record(key, { type: 'request', at })
  const spare = replay === 'clone' && attemptLimit(setting) > 1 ? request.fork() : request
  const goOn = (first: Ending): Promise<Response> =>
    continueAttempts(setting, { name, next, request, call, spare, replay, deadline, from }, first)
  let sent: Promise<Response>
  try {
    sent = Promise.resolve(next(request, call))
  } catch (error) {
    return goOn({ error })
  }
  return sent.then(
    (response) => {
      if (guzzle || !response?.ok) return goOn(endingOf(response))
      if (spare !== request) spare.release()
      if (key !== undefined) book!.record(key, { type: 'success', at })
      return response
    },
    (error: unknown) => goOn({ error }),
  )
}
