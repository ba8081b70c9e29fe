import { checkFunction, checkNumber } from '@fetchstack/options'
import type { Schedule } from './types.ts'

/**
 * Throws unless `value` is a schedule: a function that gives a finite wait of at least 0 for the 1st and for the 10th retry.
 *
 * Whoever takes a schedule as an option calls it where the option is set, so that a wrong one is found before any traffic
 * flows. It calls `value` twice. What `value` itself throws comes through.
 *
 * @param owner - Who was given the schedule, for the message: `retry`.
 * @param option - The name of the option: `schedule`.
 * @throws {OptionError} Names the option and what it is; or the call, as `schedule(10)`, and what it gave.
 * @example
 * ```ts
 * import { checkSchedule } from '@fetchstack/backoff'
 *
 * checkSchedule('poll', 'interval', (retry: number) => retry * 1000)
 * ```
 */
export function checkSchedule(owner: string, option: string, value: unknown): asserts value is Schedule {
  checkFunction(owner, option, value)
  const schedule = value as (...args: Parameters<Schedule>) => unknown
  let wait: unknown = 0
  for (const retry of [1, 10]) {
    wait = schedule(retry, wait as number, () => 0.5)
    checkNumber(owner, `${option}(${retry})`, wait, { unit: 'milliseconds' })
  }
}
