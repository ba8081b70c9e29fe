import { checkNumber, checkOneOf, OptionError } from '@fetchstack/options'
import { checkSchedule } from './check-schedule.ts'
import { jitters, longestWait, randomised } from './jitter.ts'
import type { Jitter, Random, Schedule } from './types.ts'

const unit = 'milliseconds'

/**
 * The same schedule, but no wait is longer than `maxDelay`.
 *
 * @param schedule - Which waits are held down.
 * @param maxDelay - The longest wait, in milliseconds.
 * @throws {OptionError} When `schedule` is none or `maxDelay` is out of range.
 * @example
 * ```ts
 * import { capped, delays, linear } from '@fetchstack/backoff'
 *
 * delays(capped(linear(2000), 5000), { count: 4 }) // [2000, 4000, 5000, 5000]
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function capped(schedule: Schedule, maxDelay: number): Schedule {
  checkSchedule('capped', 'schedule', schedule)
  checkNumber('capped', 'maxDelay', maxDelay, { max: longestWait, unit })
  return function capped(retry, previous, random) {
    return Math.min(maxDelay, schedule(retry, previous, random))
  }
}

/**
 * The same schedule, but no wait is shorter than `minDelay`.
 *
 * @param schedule - Which waits are held up.
 * @param minDelay - The shortest wait, in milliseconds.
 * @throws {OptionError} When `schedule` is none or `minDelay` is out of range.
 * @example
 * ```ts
 * import { atLeast, exponential } from '@fetchstack/backoff'
 *
 * const neverAtOnce = atLeast(exponential(), 50)
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function atLeast(schedule: Schedule, minDelay: number): Schedule {
  checkSchedule('atLeast', 'schedule', schedule)
  checkNumber('atLeast', 'minDelay', minDelay, { max: longestWait, unit })
  return function atLeast(retry, previous, random) {
    return Math.max(minDelay, schedule(retry, previous, random))
  }
}

/**
 * The same schedule, randomised. Waits are whole milliseconds.
 *
 * @param schedule - Which waits are randomised. One that has jitter already gets it twice.
 * @param jitter - How. A function gets the wait and the source of randomness and gives the new wait, in milliseconds.
 *   Default `full`.
 * @throws {OptionError} When `schedule` is none, `jitter` is unknown, or a jitter function gives NaN, Infinity or less than 0.
 * @example
 * ```ts
 * import { constant, jittered } from '@fetchstack/backoff'
 *
 * const aroundOneSecond = jittered(constant(1000), (wait, random) => wait * (0.8 + 0.4 * random()))
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function jittered(
  schedule: Schedule,
  jitter: Jitter | ((wait: number, random: Random) => number) = 'full',
): Schedule {
  checkSchedule('jittered', 'schedule', schedule)
  if (typeof jitter !== 'function') checkOneOf('jittered', 'jitter', jitter, jitters)
  const result: Schedule = function jittered(retry, previous, random) {
    const wait = schedule(retry, previous, random)
    return typeof jitter === 'function' ? Math.round(jitter(wait, random)) : randomised(wait, jitter, random)
  }
  checkSchedule('jittered', 'jitter', result)
  return result
}

/**
 * One schedule after another: each for a number of retries, the last for all that follow.
 *
 * Every part counts its retries from 1, and finds no wait before its first.
 *
 * @param parts - Pairs of how many retries (whole, at least 1) and a schedule; at the end a schedule alone.
 * @throws {OptionError} When a part is not of this form, or the last part is a pair.
 * @example
 * ```ts
 * import { constant, delays, exponential, sequence } from '@fetchstack/backoff'
 *
 * const atOnceThenSlower = sequence([1, constant(0)], exponential({ jitter: 'none' }))
 * delays(atOnceThenSlower, { count: 4 }) // [0, 100, 200, 400]
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function sequence(
  ...parts: readonly [...(readonly [retries: number, schedule: Schedule])[], Schedule]
): Schedule {
  const last = parts.at(-1)
  checkSchedule('sequence', 'the last part', last)
  const steps = parts.slice(0, -1) as (readonly [number, Schedule])[]
  for (const [index, step] of steps.entries()) {
    const option = `parts[${index}]`
    if (!Array.isArray(step)) {
      throw new OptionError('sequence', option, `${option} must be a pair: how many retries, and a schedule for them.`)
    }
    checkNumber('sequence', `${option}[0]`, step[0], { min: 1, integer: true })
    checkSchedule('sequence', `${option}[1]`, step[1])
  }
  return function sequence(retry, previous, random) {
    let schedule = last
    let nth = retry
    for (const [retries, step] of steps) {
      if (nth <= retries) {
        schedule = step
        break
      }
      nth -= retries
    }
    return schedule(nth, nth === 1 ? 0 : previous, random)
  }
}

/**
 * All schedules' waits added up, at most 2,147,483,647 ms, the longest that a timer can hold.
 *
 * Each schedule is given the sum as the wait before, so `decorrelated` does not belong in here.
 *
 * @param schedules - At least one.
 * @throws {OptionError} When one is not a schedule, or there is none.
 * @example
 * ```ts
 * import { constant, exponential, jittered, sum } from '@fetchstack/backoff'
 *
 * const doublingWithNoise = sum(exponential({ jitter: 'none' }), jittered(constant(100)))
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function sum(...schedules: readonly [Schedule, ...Schedule[]]): Schedule {
  checkNumber('sum', 'schedules.length', schedules.length, { min: 1 })
  for (const [index, schedule] of schedules.entries()) checkSchedule('sum', `schedules[${index}]`, schedule)
  return function sum(retry, previous, random) {
    let total = 0
    for (const schedule of schedules) total += schedule(retry, previous, random)
    return Math.min(longestWait, total)
  }
}
