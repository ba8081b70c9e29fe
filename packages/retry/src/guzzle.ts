import type { HttpRequest } from '@fetchstack/handler-stack'
import type { PolicyOptions } from '@fetchstack/retry-decision'

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

/** Decides by functions alone. What they can't decide away: an abort, a deadline, a body that is gone. */
export interface Guzzle {
  readonly decider: Decider
  readonly delay: DelayFunction
}

/** Guzzle's `RetryMiddleware::exponentialDelay`: 1, 2, 4, 8 s... */
export const exponentialDelay: DelayFunction = (retries) => (retries < 1 ? 0 : 1000 * 2 ** (retries - 1))

/** A policy that leaves everything to the decider. */
export const guzzlePolicy: PolicyOptions = { maxAttempts: Infinity, transparentRetries: 0, budget: false }
