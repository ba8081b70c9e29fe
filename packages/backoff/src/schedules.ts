import { checkNumber, checkOneOf, checkOptions } from '@fetchstack/options'
import { jitters, longestWait, randomised } from './jitter.ts'
import type { Jitter, Schedule } from './types.ts'

/** Options of {@link fibonacci}, and the base of those of the other growing schedules. */
export interface CurveOptions {
  /** The wait before the first retry, in milliseconds, before jitter. Default 100. */
  readonly initialDelay?: number
  /** The longest wait, in milliseconds, before jitter. Default 20,000. */
  readonly maxDelay?: number
  /** How a wait is randomised. Default `full`. */
  readonly jitter?: Jitter
}

/** Options of {@link exponential}. */
export interface ExponentialOptions extends CurveOptions {
  /** What the wait is multiplied by from retry to retry; at least 1. Default 2. */
  readonly factor?: number
}

/** Options of {@link linear}. */
export interface LinearOptions {
  /** What each wait is longer by than the one before, in milliseconds; also the first wait. */
  readonly step: number
  /** The longest wait, in milliseconds, before jitter. Default 2,147,483,647, the longest that a timer can hold. */
  readonly maxDelay?: number
  /** How a wait is randomised. Default `none`. */
  readonly jitter?: Jitter
}

/** Options of {@link decorrelated}. */
export interface DecorrelatedOptions {
  /** The shortest wait, in milliseconds. Default 100. */
  readonly initialDelay?: number
  /** The longest wait, in milliseconds. Default 20,000. */
  readonly maxDelay?: number
}

const unit = 'milliseconds'

/**
 * The same wait before every retry.
 *
 * @param ms - The wait in milliseconds, 0 to 2,147,483,647; rounded to whole milliseconds.
 * @throws {OptionError} When `ms` is out of range.
 * @example
 * ```ts
 * import { constant, delays } from '@fetchstack/backoff'
 *
 * delays(constant(500), { count: 3 }) // [500, 500, 500]
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function constant(ms: number): Schedule {
  checkNumber('constant', 'ms', ms, { max: longestWait, unit })
  const wait = Math.round(ms)
  return function constant() {
    return wait
  }
}

/**
 * Waits that grow by the same step each time: `step`, 2 × `step`, 3 × `step`...
 *
 * Not randomised unless `jitter` says so. Waits are whole milliseconds.
 *
 * @param options - The step in milliseconds, or {@link LinearOptions}.
 * @throws {OptionError} When an option is unknown or out of range, or `step` is above `maxDelay`.
 * @example
 * ```ts
 * import { delays, linear } from '@fetchstack/backoff'
 *
 * delays(linear(2000), { count: 3 }) // [2000, 4000, 6000]
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function linear(options: number | LinearOptions): Schedule {
  const given = typeof options === 'object' ? options : { step: options }
  checkOptions('linear', given, ['step', 'maxDelay', 'jitter'])
  const { step, maxDelay = longestWait, jitter = 'none' } = given
  return curve('linear', 'step', step, maxDelay, jitter, (retry) => retry)
}

/**
 * Waits that are multiplied by `factor` each time: `initialDelay` × `factor`^(retry − 1), at most `maxDelay`, then randomised.
 *
 * The defaults are those of the AWS SDKs since November 2026 with a start of 100 ms: factor 2, cap 20 s, full jitter. Waits
 * are whole milliseconds, and finite for any number of the retry.
 *
 * @param options - Times in milliseconds.
 * @throws {OptionError} When an option is unknown or out of range, or `initialDelay` is above `maxDelay`.
 * @example
 * ```ts
 * import { delays, exponential } from '@fetchstack/backoff'
 *
 * delays(exponential({ jitter: 'none' }), { count: 5 }) // [100, 200, 400, 800, 1600]
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function exponential(options: ExponentialOptions = {}): Schedule {
  checkOptions('exponential', options, ['initialDelay', 'factor', 'maxDelay', 'jitter'])
  const { initialDelay = 100, factor = 2, maxDelay = 20_000, jitter = 'full' } = options
  checkNumber('exponential', 'factor', factor, { min: 1 })
  return curve('exponential', 'initialDelay', initialDelay, maxDelay, jitter, (retry) => factor ** (retry - 1))
}

/**
 * Waits that grow as Fibonacci's numbers do: `initialDelay` × 1, 1, 2, 3, 5, 8..., at most `maxDelay`, then randomised.
 *
 * Slower than doubling, by a factor of 1.618 in the long run. Waits are whole milliseconds.
 *
 * @param options - Times in milliseconds.
 * @throws {OptionError} When an option is unknown or out of range, or `initialDelay` is above `maxDelay`.
 * @example
 * ```ts
 * import { delays, fibonacci } from '@fetchstack/backoff'
 *
 * delays(fibonacci({ jitter: 'none' }), { count: 6 }) // [100, 100, 200, 300, 500, 800]
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function fibonacci(options: CurveOptions = {}): Schedule {
  checkOptions('fibonacci', options, ['initialDelay', 'maxDelay', 'jitter'])
  const { initialDelay = 100, maxDelay = 20_000, jitter = 'full' } = options
  // Binet's formula. Exact to the 70th number, and waits reach the longest at the 47th.
  return curve('fibonacci', 'initialDelay', initialDelay, maxDelay, jitter, (retry) =>
    Math.round(((1 + Math.sqrt(5)) / 2) ** retry / Math.sqrt(5)),
  )
}

/**
 * Waits drawn between `initialDelay` and three times the wait before, at most `maxDelay`.
 *
 * It needs the wait before, so it forgets its growth when it is asked for one retry alone. Waits are whole milliseconds.
 * Source: the decorrelated jitter of AWS' article "Exponential Backoff and Jitter".
 *
 * @param options - Times in milliseconds.
 * @throws {OptionError} When an option is unknown or out of range, or `initialDelay` is above `maxDelay`.
 * @example
 * ```ts
 * import { decorrelated, delays } from '@fetchstack/backoff'
 *
 * delays(decorrelated({ initialDelay: 50 }), { random: () => 0.5, count: 3 }) // [100, 175, 288]
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function decorrelated(options: DecorrelatedOptions = {}): Schedule {
  checkOptions('decorrelated', options, ['initialDelay', 'maxDelay'])
  const { initialDelay = 100, maxDelay = 20_000 } = options
  checkDelays('decorrelated', 'initialDelay', initialDelay, maxDelay)
  return function decorrelated(_retry, previous, random) {
    // The wait before may be another schedule's, or no number: it is held within this one's bounds.
    const before = previous > initialDelay ? Math.min(previous, maxDelay) : initialDelay
    return Math.round(Math.min(maxDelay, initialDelay + random() * (before * 3 - initialDelay)))
  }
}

function checkDelays(owner: string, first: string, initialDelay: number, maxDelay: number): void {
  checkNumber(owner, first, initialDelay, { max: longestWait, unit })
  checkNumber(owner, 'maxDelay', maxDelay, { min: initialDelay, max: longestWait, unit })
}

function curve(
  owner: string,
  first: string,
  initialDelay: number,
  maxDelay: number,
  jitter: Jitter,
  growth: (retry: number) => number,
): Schedule {
  checkDelays(owner, first, initialDelay, maxDelay)
  checkOneOf(owner, 'jitter', jitter, jitters)
  return function schedule(retry, _previous, random) {
    // NaN is 0 times a growth of Infinity, 1 ** Infinity, or what comes of a retry that is NaN: the first wait, then.
    const wait = initialDelay * growth(Math.max(1, retry)) || initialDelay
    return randomised(Math.min(maxDelay, wait), jitter, random)
  }
}
