import { serverHint } from '@fetchstack/backoff'
import { type Clock, sleep, systemClock } from '@fetchstack/handler-stack'
import { checkFunction, checkOptions } from '@fetchstack/options'
import { type Decision, decide, type PolicyOptions, policy } from '@fetchstack/retry-decision'
import { classify, type Outcome, type RequestLike } from '@fetchstack/status-classifier'
import type { RetryOptions as KyRetryOptions } from 'ky'

/** What `kyRetry` takes: a policy, or any part of one, and its time and randomness. */
export interface KyRetryPolicy extends Omit<PolicyOptions, 'budget'> {
  /** Not kept here: ky tells of failures only, and a budget needs the successes too. Use the stack (mode A) for one. */
  readonly budget?: PolicyOptions['budget']
  /** Told each decision, before the wait. Must not throw. Default: nobody. */
  readonly onDecision?: (decision: Decision, error: Error) => void
  /** Default: `systemClock`. */
  readonly clock?: Clock
  /** Default: `Math.random`. */
  readonly random?: () => number
}

/**
 * Mode B: a retry policy inside ky's own retry. ky keeps its hooks, its `retryCount`, its copies of the body and its
 * `totalTimeout`; whether to retry, and the wait, come from the policy, for any method and status.
 *
 * ky asks only about what it throws: with `throwHttpErrors: false` no status is retried. It reads up to 10 MiB of an error's
 * body before it asks. The wait ends at once when the call is aborted (but not after a timeout of ky's, which hides the caller's signal). `beforeRetry` hooks run after the wait.
 * An error that ky does not recognise as one of the network (on Bun and workerd) reaches it without its request: it is then
 * resent only when it provably was not processed.
 *
 * @param options - A policy, or any part of one. Defaults as `policy()`, without the budget and the transparent resend.
 * @throws {OptionError} An option is unknown or out of range.
 * @example
 * ```ts
 * import { kyRetry } from '@fetchstack/ky'
 * import ky from 'ky'
 *
 * export const api = ky.create({ prefix: 'https://api.example.com', retry: kyRetry({ maxAttempts: 4 }) })
 * ```
 */
export function kyRetry(
  options: KyRetryPolicy = {},
): Required<Pick<KyRetryOptions, 'limit' | 'methods' | 'delay' | 'shouldRetry'>> {
  checkOptions('kyRetry', options, [...Object.keys(policy()), 'onDecision', 'clock', 'random'])
  const { onDecision, clock = systemClock, random = Math.random, ...rest } = options
  for (const [name, value] of Object.entries({ onDecision, random })) {
    if (value !== undefined) checkFunction('kyRetry', name, value)
  }
  const base = policy({ ...rest, budget: false, transparentRetries: 0 }, 'kyRetry')
  return {
    // Only a backstop, and ky takes no Infinity: the policy counts.
    limit: Math.min(base.maxAttempts - 1, Number.MAX_SAFE_INTEGER),
    methods: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace', 'query'],
    // The wait is in shouldRetry: a delay function can't be aborted, and would not know what the server said.
    delay: () => 0,
    async shouldRetry({ error, retryCount }) {
      const { outcome, request } = unwrap(error)
      const now = clock.now()
      const decision = decide(base, {
        attempt: retryCount,
        verdict: classify(outcome, request),
        hint: 'response' in outcome ? serverHint(outcome.response, { now }) : undefined,
        // ky has copied the body, or it would have thrown by now.
        request: {
          method: request.method,
          replay: 'free',
          idempotencyKey: request.headers?.has('idempotency-key') === true,
        },
        now,
        random,
        outcome,
      })
      onDecision?.(decision, error)
      if (decision.action !== 'retry') return false
      await sleep(clock, decision.delay ?? 0, request.signal)
      return true
    },
  }
}

interface Seen {
  readonly outcome: Outcome
  readonly request: RequestLike & { readonly headers?: Headers; readonly signal?: AbortSignal }
}

// Of an error that ky did not make, nothing is known of the request. No method is the safe guess: it is not idempotent.
const unknownRequest = { method: '(unknown)' }

/** ky's errors carry the request, and the response or the cause. By shape: ky may be installed twice. */
function unwrap(error: Error & { response?: Response; request?: Request }): Seen {
  const { name, response, request = unknownRequest, cause } = error
  if (response !== undefined) return { outcome: { response }, request }
  if (name === 'NetworkError' && cause !== undefined) return { outcome: { error: cause }, request }
  // At its timeout ky aborts the request by the signal that it hands out too; the caller aborted nothing.
  const { method, url, headers } = request as Request
  return { outcome: { error }, request: name === 'TimeoutError' ? { method, url, headers } : request }
}
