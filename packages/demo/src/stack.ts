import { apiKey } from '@fetchstack/auth'
import { seededRandom } from '@fetchstack/backoff'
import { HandlerStack } from '@fetchstack/handler-stack'
import { type AttemptRecord, type RetryCallOptions, retry } from '@fetchstack/retry'
import { ratioBudget } from '@fetchstack/retry-decision'
import { timeout } from '@fetchstack/timeout'

/** What the demo's stack is made of. */
export interface StackSetting {
  /** Where the credential may go. */
  readonly origin: string
  /** Sent as `x-api-key`; nothing is sent without one. */
  readonly key: string | undefined
  readonly seed: number
  readonly onDecision: (record: AttemptRecord) => void
}

type Names = 'total-timeout' | 'retry' | 'attempt-timeout' | 'auth'
interface CallOptions {
  readonly 'total-timeout'?: number | false
  readonly retry?: RetryCallOptions
  readonly 'attempt-timeout'?: number | false
}

/** One stack for both clients: first pushed = outermost = sees the request first and the response last. */
export function composeStack({ origin, key, seed, onDecision }: StackSetting): HandlerStack<Names, CallOptions> {
  const random = seededRandom(seed)
  // Nearly every call fails here, so the default budget of 10 % would end the demo. In production, keep it.
  const budget = ratioBudget({ minRequests: 1000 })
  const stack = HandlerStack.create()
    .push(timeout(20_000), 'total-timeout')
    .push(retry({ maxAttempts: 4, budget, random, onDecision }))
    .push(timeout(1_000), 'attempt-timeout')
  return key === undefined
    ? stack.push((next) => next, 'auth')
    : stack.push(apiKey(key, { header: 'x-api-key' }, { origins: [origin] }), 'auth')
}
