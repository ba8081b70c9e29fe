import { checkNumber } from '@fetchstack/options'
import { filled } from './checks.ts'
import type { Budget, BudgetState } from './types.ts'

/** Options of {@link ratioBudget}. */
export interface RatioBudgetOptions {
  /** Resends allowed, as a share of the first attempts in the window. Default 0.1. */
  readonly ratio?: number
  /** Length of the sliding window, in milliseconds. Default 10,000. */
  readonly window?: number
  /** With fewer first attempts than this in the window, nothing is refused. Default 10. */
  readonly minRequests?: number
  /** Resends that are allowed in a window in any case. Default 1. */
  readonly minRetries?: number
  /** Resends that are allowed a second, on top of the ratio. Default 0. */
  readonly reserve?: number
}

type Counts = readonly [requests: number, retries: number]

interface RatioState extends BudgetState {
  /** When the current window began. */
  readonly start: number
  readonly current: Counts
  /** Of the window before. */
  readonly last: Counts
}

/**
 * A retry budget that allows resends up to a share of the first attempts in a sliding window, so that an outage adds at most
 * that share to the load.
 *
 * The window slides by two counters: the current one, and the one before with the weight of its part that is still in view.
 * The state has the same size whatever the traffic. A clock that jumps, in either direction, does no harm.
 *
 * The defaults are those of .NET's `HttpRetryBudgetOptions` (ratio 0.1, 10 requests, 10 s). A `reserve` with `minRequests: 0`
 * gives the shape of Finagle's and tower's (`ratio: 0.2, reserve: 10`).
 *
 * @throws {OptionError} When an option is unknown or out of range.
 * @example
 * ```ts
 * import { policy, ratioBudget } from '@fetchstack/retry-decision'
 *
 * const careful = policy({ budget: ratioBudget({ ratio: 0.05, window: 30_000 }) })
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function ratioBudget(options: RatioBudgetOptions = {}): Budget {
  const given = filled('ratioBudget', DEFAULTS, options)
  for (const [option, value] of Object.entries(given)) {
    checkNumber('ratioBudget', option, value, { min: option === 'window' ? 1 : 0 })
  }
  const { ratio, window, minRequests, minRetries, reserve } = given

  const slide = (state: RatioState, now: number): RatioState => {
    const { start, current } = state
    const age = now - start
    // Also from a time that was NaN: else it would stay so for good.
    if (!(age < 2 * window)) return initial(now)
    if (age >= window) return { start: start + window, current: [0, 0], last: current }
    return age < 0 ? { ...state, start: now } : state
  }

  return {
    name: `ratio(${ratio}, ${window / 1000} s)`,
    initial,
    reduce(state, { type, at }) {
      if (type !== 'request' && type !== 'retry') return state
      const { start, current, last } = slide(state as RatioState, at)
      const [requests, retries] = current
      return { start, current: type === 'request' ? [requests + 1, retries] : [requests, retries + 1], last }
    },
    allows(state, now) {
      const { start, current, last } = slide(state as RatioState, now)
      const weight = 1 - (now - start) / window
      const [requests, retries] = [current[0] + last[0] * weight, current[1] + last[1] * weight]
      return requests < minRequests || retries + 1 <= Math.max(minRetries, requests * ratio + (reserve * window) / 1000)
    },
  }
}

const DEFAULTS: Required<RatioBudgetOptions> = {
  ratio: 0.1,
  window: 10_000,
  minRequests: 10,
  minRetries: 1,
  reserve: 0,
}

function initial(now: number): RatioState {
  return { start: now, current: [0, 0], last: [0, 0] }
}
