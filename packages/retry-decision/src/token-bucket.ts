import { checkNumber, checkOptions, OptionError } from '@fetchstack/options'
import type { Budget, BudgetState, Category } from './types.ts'

/** Options of {@link tokenBucket}. */
export interface TokenBucketOptions {
  /** Tokens in a full bucket; it begins full. Default 500. */
  readonly capacity?: number
  /** Tokens that a resend takes: after a throttled outcome, and after any other. Default 5 and 14. */
  readonly costs?: { readonly transient?: number; readonly throttled?: number }
  /** Tokens that a success at the first attempt gives back. Default 1. */
  readonly refill?: number
}

interface TokenState extends BudgetState {
  readonly tokens: number
}

/**
 * A retry budget as a bucket of tokens: a resend takes some, a success gives some back. Time plays no part.
 *
 * A success after resends gives back what the last resend took, as told by the event's `retried`; a success at the first
 * attempt gives `refill`. The defaults are those of the AWS SDKs since November 2026 (smithy's standard retry); before, both
 * costs were 5.
 *
 * @throws {OptionError} When an option is unknown or out of range, or a cost is above the capacity.
 * @example
 * ```ts
 * import { policy, tokenBucket } from '@fetchstack/retry-decision'
 *
 * const asAws = policy({ budget: tokenBucket() })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function tokenBucket(options: TokenBucketOptions = {}): Budget {
  checkOptions('tokenBucket', options, ['capacity', 'costs', 'refill'])
  const { capacity = 500, costs = {}, refill = 1 } = options
  checkOptions('tokenBucket: costs', costs, ['transient', 'throttled'])
  const { transient = 14, throttled = 5 } = costs
  // A bucket that is never refilled ends all resends for good.
  for (const [option, value] of Object.entries({ capacity, refill })) {
    checkNumber('tokenBucket', option, value, { min: 0.001 })
  }
  for (const [kind, cost] of Object.entries({ transient, throttled })) {
    checkNumber('tokenBucket', `costs.${kind}`, cost)
    if (cost > capacity) {
      throw new OptionError(
        'tokenBucket',
        `costs.${kind}`,
        `costs.${kind} (${cost}) is above the capacity (${capacity}), so nothing would ever be resent: raise the capacity.`,
      )
    }
  }

  const cost = (category: Category | undefined) => (category === 'throttled' ? throttled : transient)
  return {
    name: `tokens(${capacity})`,
    initial: (): TokenState => ({ tokens: capacity }),
    reduce(state, { type, category, retried }) {
      const { tokens } = state as TokenState
      if (type === 'retry') return { tokens: Math.max(0, tokens - cost(category)) }
      if (type !== 'success' || tokens === capacity) return state
      return { tokens: Math.min(capacity, tokens + (retried === undefined ? refill : cost(retried))) }
    },
    allows: (state, _now, category) => (state as TokenState).tokens >= cost(category),
  }
}
