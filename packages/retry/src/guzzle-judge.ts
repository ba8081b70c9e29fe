import type { HttpRequest } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import type { Decision } from '@fetchstack/retry-decision'
import type { Judge } from './judge.ts'

/**
 * Says whether to resend, as Guzzle's `Middleware::retry` asks. Called for every outcome, successes included.
 *
 * @param retries - Resends so far, counted from 0.
 * @param response - The response, or `undefined` when there was none. Its body is still unread: leave it so.
 * @param error - What was thrown, or `undefined`.
 */
export type Decider = (
  retries: number,
  request: HttpRequest,
  response: Response | undefined,
  error: unknown,
) => boolean | Promise<boolean>

/**
 * The wait before a resend, in milliseconds.
 *
 * @param retries - Which resend it comes before, counted from 1.
 */
export type DelayFunction = (retries: number, response: Response | undefined, request: HttpRequest) => number

/** Guzzle's `RetryMiddleware::exponentialDelay`: 1, 2, 4, 8 s... */
export const exponentialDelay: DelayFunction = (retries) => (retries < 1 ? 0 : 1000 * 2 ** (retries - 1))

/** Decides by a function alone. What no function can decide away stays: an abort, a deadline, a body that is gone. */
export function guzzleJudge(decider: Decider, delay: DelayFunction): Judge {
  return {
    limit: Infinity,
    trustsSuccess: false,
    mayResend: (request) => request.replay !== 'never',
    async judge(ending, request, { attempt, deadline = Infinity, now, replay }) {
      const response = 'response' in ending ? ending.response : undefined
      const error = 'error' in ending ? ending.error : undefined
      const trail = [`Attempt ${attempt}.`]
      const end = (decision: Omit<Decision, 'trail'>, sentence: string): { decision: Decision } => {
        return { decision: { ...decision, trail: [...trail, sentence] } }
      }
      if (request.signal?.aborted === true) return end({ action: 'give-up', reason: 'aborted' }, 'The caller aborted.')
      if (!(await decider(attempt - 1, request, response, error))) {
        return response?.ok === true
          ? end({ action: 'accept', reason: 'success' }, 'The decider says stop.')
          : end({ action: 'give-up', reason: 'rule-said-stop' }, 'The decider says stop.')
      }
      if (replay === 'never')
        return end({ action: 'give-up', reason: 'body-not-replayable' }, 'The body can be read only once.')
      const wait = delay(attempt, response, request)
      if (typeof wait !== 'number' || !(wait >= 0)) {
        throw new OptionError(
          'retry',
          'delay',
          `delay(${attempt}) must give a number of milliseconds of at least 0, got ${String(wait)}.`,
        )
      }
      if (now + wait >= deadline)
        return end({ action: 'give-up', reason: 'deadline-before-delay' }, `The deadline is in ${deadline - now} ms.`)
      return end(
        { action: 'retry', reason: 'rule-said-retry', delay: wait, delaySource: 'backoff', backoff: wait },
        'The decider says retry.',
      )
    },
  }
}
