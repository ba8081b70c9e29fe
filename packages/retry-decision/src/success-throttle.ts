import { checkNumber, checkOptions } from '@fetchstack/options'
import type { Budget, BudgetState, Category } from './types.ts'

/** Options of {@link successThrottle}. */
export interface SuccessThrottleOptions {
  /** Tokens at the start, and at most. A failure takes one. Default 10. */
  readonly maxTokens?: number
  /** Tokens that a success gives. Default 0.1. */
  readonly tokenRatio?: number
}

interface ThrottleState extends BudgetState {
  readonly tokens: number
}

/** Failures that say something about the server's health. The others are the request's own fault, and are not counted. */
const COUNTED: readonly Category[] = [
  'throttled',
  'overloaded',
  'server-error',
  'gateway',
  'network',
  'timeout',
  'unknown',
]

/**
 * A retry budget that follows the ratio of successes to failures: a failed attempt takes a token, a success gives `tokenRatio`,
 * and resends are allowed while more than half of the tokens are there.
 *
 * Stricter than a ratio budget: from about `tokenRatio` failures per success on, nothing is resent. This is the retry throttling of
 * gRPC (proposal A6), with the numbers of its example.
 *
 * @throws {OptionError} When an option is unknown or out of range.
 * @example
 * ```ts
 * import { policy, successThrottle } from '@fetchstack/retry-decision'
 *
 * const asGrpc = policy({ budget: successThrottle({ maxTokens: 100, tokenRatio: 0.1 }) })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function successThrottle(options: SuccessThrottleOptions = {}): Budget {
  checkOptions('successThrottle', options, ['maxTokens', 'tokenRatio'])
  const { maxTokens = 10, tokenRatio = 0.1 } = options
  checkNumber('successThrottle', 'maxTokens', maxTokens, { min: 1, max: 1000 })
  checkNumber('successThrottle', 'tokenRatio', tokenRatio, { min: 0.001 })

  return {
    name: `success(${maxTokens}, ${tokenRatio})`,
    initial: (): ThrottleState => ({ tokens: maxTokens }),
    reduce(state, { type, category }) {
      const { tokens } = state as ThrottleState
      if (type === 'failure') {
        return category === undefined || COUNTED.includes(category) ? { tokens: Math.max(0, tokens - 1) } : state
      }
      if (type !== 'success' || tokens === maxTokens) return state
      return { tokens: Math.min(maxTokens, tokens + tokenRatio) }
    },
    allows: (state) => (state as ThrottleState).tokens > maxTokens / 2,
  }
}
