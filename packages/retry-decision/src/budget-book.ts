import { checkNumber, checkOptions } from '@fetchstack/options'
import { checkBudget } from './checks.ts'
import type { Budget, BudgetEvent, BudgetState, Category } from './types.ts'

/** Options of {@link budgetBook}. */
export interface BudgetBookOptions {
  /** States kept at most; those not used for longest are forgotten. At least 2. Default 1,000. */
  readonly maxKeys?: number
}

/** One budget's states, one for each key: usually the origin. */
export interface BudgetBook {
  readonly budget: Budget
  /** Tells the state of `key` what happened. A new key begins with `budget.initial(event.at)`. */
  record(key: string, event: BudgetEvent): void
  /** Whether a resend may be made now. `true` for a key that is not known. */
  allows(key: string, now: number, category?: Category): boolean
  /** The state of `key`, for `Facts.budget`; `undefined` for a key that is not known. */
  state(key: string): BudgetState | undefined
}

/**
 * Keeps the state of a budget for each key, so that one failing origin does not use up the resends of another.
 *
 * It is the one thing here that changes: a map in memory, with a bound. Time still comes in with the events.
 *
 * @param budget - For example `ratioBudget()`.
 * @throws {OptionError} When the budget lacks a function, or an option is unknown or out of range.
 * @example
 * ```ts
 * import { budgetBook, ratioBudget } from '@fetchstack/retry-decision'
 *
 * const book = budgetBook(ratioBudget())
 * book.record('https://api.example.com', { type: 'request', at: Date.now() })
 * book.allows('https://api.example.com', Date.now()) // true
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function budgetBook(budget: Budget, options: BudgetBookOptions = {}): BudgetBook {
  checkBudget('budgetBook', budget)
  checkOptions('budgetBook', options, ['maxKeys'])
  const { maxKeys = 1000 } = options
  checkNumber('budgetBook', 'maxKeys', maxKeys, { min: 2, integer: true })
  const half = Math.floor(maxKeys / 2)
  // Two generations instead of one ordered map: a hit writes in place, and only a miss moves anything.
  let young = new Map<string, BudgetState>()
  let old = new Map<string, BudgetState>()

  const state = (key: string) => young.get(key) ?? old.get(key)
  return {
    budget,
    record(key, event) {
      const before = young.get(key)
      const after = budget.reduce(before ?? old.get(key) ?? budget.initial(event.at), event)
      if (after === before) return
      if (before === undefined && young.size >= half) {
        old = young
        young = new Map()
      }
      young.set(key, after)
    },
    allows(key, now, category) {
      const known = state(key)
      return known === undefined || budget.allows(known, now, category)
    },
    state,
  }
}
