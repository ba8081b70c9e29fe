import { apiKey } from '@fetchstack/auth'
import { exponential, seededRandom } from '@fetchstack/backoff'
import { type AnyStack, HandlerStack } from '@fetchstack/handler-stack'
import { type AttemptRecord, retry } from '@fetchstack/retry'
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

/** One stack for both clients: first pushed = outermost = sees the request first and the response last. */
export function composeStack({ origin, key, seed, onDecision }: StackSetting): AnyStack {
  const random = seededRandom(seed)
  // Nearly every call fails here, so the default budget of 10 % would end the demo. In production, keep it.
  const budget = ratioBudget({ minRequests: 1000 })
  // At least half of each wait, so that a run can't be too quick for the server's restart.
  const schedule = exponential({ initialDelay: 150, jitter: 'equal' })
  const stack = HandlerStack.create()
    .push(timeout(20_000), 'total-timeout')
    .push(retry({ maxAttempts: 4, schedule, budget, random, onDecision }))
    .push(timeout(1_000), 'attempt-timeout')
  return key === undefined ? stack : stack.push(apiKey(key, { header: 'x-api-key' }, { origins: [origin] }))
}
