import {
  type Call,
  type DescribedMiddleware,
  defineMiddleware,
  type Handler,
  type HttpRequest,
  systemClock,
} from '@fetchstack/handler-stack'
import { checkFunction, checkOptions, OptionError } from '@fetchstack/options'
import { budgetBook, type Policy, policy } from '@fetchstack/retry-decision'
import { continueAttempts, type Setting } from './attempts.ts'
import { type Decider, type DelayFunction, exponentialDelay, guzzleJudge } from './guzzle-judge.ts'
import type { Ending, Judge } from './judge.ts'
import { OWN_OPTIONS, type RetryCallOptions, type RetryOptions } from './options.ts'
import { policyJudge } from './policy-judge.ts'

/**
 * Resends what failed for a passing reason.
 *
 * Going out it passes the request on; when an attempt fails it classifies the outcome, asks the policy, waits and sends the
 * same request again. What comes back is the last response or error itself, unchanged; `explain` tells how it came to it.
 * A response that is replaced is released, so that it holds no socket. A caller's `Request` with a body is resent whole; a
 * stream can't be, and the call is given up with that reason. A wait ends at once when the caller aborts, with the
 * caller's reason. A success at the first attempt costs next to nothing and leaves no record.
 *
 * Defaults (sources: docs/decisions.md): 3 attempts, full jitter from 100 ms, Retry-After as a floor up to
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
  delay?: DelayFunction,
): DescribedMiddleware<'retry', RetryCallOptions> {
  return typeof options === 'function' ? byDecider(options, delay) : byPolicy(options)
}

function byPolicy(options: RetryOptions): DescribedMiddleware<'retry', RetryCallOptions> {
  checkOptions('retry', options, [...Object.keys(policy()), ...OWN_OPTIONS])
  const { readers, hintReaders, budgetKey, onDecision, clock = systemClock, random = Math.random, ...rest } = options
  for (const [option, value] of Object.entries({ budgetKey, onDecision, random })) {
    if (value !== undefined) checkFunction('retry', option, value)
  }
  const base = policy(rest, 'retry')
  const book = base.budget === false ? undefined : budgetBook(base.budget)
  const keyOf = budgetKey ?? originOfRequest
  const classification = readers === undefined ? {} : { readers }
  const judgeFor = (chosen: Policy): Judge =>
    policyJudge(chosen, chosen.budget === false ? undefined : book, keyOf, classification, hintReaders, random)
  const { maxAttempts, transparentRetries } = base
  return retryMiddleware(
    `retry(${maxAttempts} attempts${transparentRetries === 0 ? '' : `, ${transparentRetries} transparent`})`,
    maxAttempts,
    { judge: judgeFor(base), book, keyOf, clock, onDecision },
    (changes) => judgeFor(policy({ ...base, ...changes }, 'retry')),
  )
}

function byDecider(
  decider: Decider,
  delay: DelayFunction = exponentialDelay,
): DescribedMiddleware<'retry', RetryCallOptions> {
  checkFunction('retry', 'delay', delay)
  const setting = {
    judge: guzzleJudge(decider, delay),
    book: undefined,
    keyOf: originOfRequest,
    clock: systemClock,
    onDecision: undefined,
  }
  return retryMiddleware(`retry(${decider.name || 'decider'})`, Infinity, setting, () => {
    throw new OptionError('retry', 'retry', 'a retry with a decider takes no per-call options but false.')
  })
}

function retryMiddleware(
  label: string,
  reenters: number,
  setting: Setting,
  variant: (changes: Exclude<RetryCallOptions, false>) => Judge,
): DescribedMiddleware<'retry', RetryCallOptions> {
  const about = {
    name: 'retry',
    label,
    scope: 'call',
    reenters,
    wants: [
      {
        position: 'inside',
        of: 'timeout',
        required: true,
        orElse: 'nothing bounds the attempts and waits of a call together',
      },
    ],
    checkCallOption(value: unknown) {
      if (value !== false) variant(value as Exclude<RetryCallOptions, false>)
    },
  } as const
  return defineMiddleware(
    about,
    (next, name) =>
      function retry(request, call) {
        const option = call.options[name] as RetryCallOptions | undefined
        if (option === false) return next(request, call)
        const chosen = option === undefined ? setting : { ...setting, judge: variant(option) }
        return begin(chosen, name, next, request, call)
      },
  )
}

/** The first attempt. p-retry is entered only when it did not simply succeed: around every call it costs 0.7 µs. */
function begin(setting: Setting, name: string, next: Handler, request: HttpRequest, call: Call): Promise<Response> {
  const { judge, book, keyOf, clock } = setting
  const { deadline } = call
  const { replay } = request
  book?.record(keyOf(request), { type: 'request', at: clock.now() })
  const spare = replay === 'clone' && judge.mayResend(request) ? request.fork() : request
  const goOn = (first: Ending): Promise<Response> =>
    continueAttempts(setting, { name, next, request, call, spare, replay, deadline }, first)
  let sent: Promise<Response>
  try {
    sent = Promise.resolve(next(request, call))
  } catch (error) {
    return goOn({ error })
  }
  return sent.then(
    (response) => {
      if (!judge.trustsSuccess || !response.ok) return goOn({ response })
      if (spare !== request) spare.release()
      book?.record(keyOf(request), { type: 'success', at: clock.now() })
      return response
    },
    (error: unknown) => goOn({ error }),
  )
}

function originOfRequest(request: HttpRequest): string {
  return request.origin
}
