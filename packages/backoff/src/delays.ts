import { checkFunction, checkNumber, checkOptions, OptionError } from '@fetchstack/options'
import { checkSchedule } from './check-schedule.ts'
import { seededRandom } from './random.ts'
import type { Random, Schedule } from './types.ts'

/** Options of {@link delays}. */
export interface DelaysOptions {
  /** Seeds the jitter: a whole number, at least 0. Default 0. */
  readonly seed?: number
  /** The source of randomness, instead of a seed. */
  readonly random?: Random
  /** How many waits to list. Default 10. */
  readonly count?: number
}

/**
 * Lists the waits of a schedule, in milliseconds: for a look at it, for documents and for tests.
 *
 * The same seed gives the same list, everywhere.
 *
 * @throws {OptionError} When `schedule` is none, or an option is unknown, out of range, or `seed` and `random` are both given.
 * @example
 * ```ts
 * import { delays, exponential } from '@fetchstack/backoff'
 *
 * delays(exponential(), { seed: 42, count: 4 }) // [60, 90, 341, 536]
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function delays(schedule: Schedule, options: DelaysOptions = {}): number[] {
  checkOptions('delays', options, ['seed', 'random', 'count'])
  checkSchedule('delays', 'schedule', schedule)
  if (options.seed !== undefined && options.random !== undefined) {
    throw new OptionError('delays', 'random', 'seed and random exclude each other: leave out one.')
  }
  const { seed = 0, random = seededRandom(seed), count = 10 } = options
  checkFunction('delays', 'random', random)
  checkNumber('delays', 'count', count, { integer: true })
  const list: number[] = []
  let previous = 0
  for (let retry = 1; retry <= count; retry++) {
    previous = schedule(retry, previous, random)
    list.push(previous)
  }
  return list
}
