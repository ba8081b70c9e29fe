import type { Random } from '@fetchstack/backoff'
import { checkNumber, OptionError } from '@fetchstack/options'

export { seededRandom } from '@fetchstack/backoff'

/**
 * A random source that gives these values in turn, and then from the first on again.
 *
 * @param values - Each at least 0 and less than 1. At least one.
 * @throws {OptionError} There is none, or one is out of range.
 * @example
 * ```ts
 * import { fixedRandom } from '@fetchstack/testing'
 *
 * const random = fixedRandom(0, 0.5)
 * console.log(random(), random(), random()) // 0 0.5 0
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function fixedRandom(...values: readonly number[]): Random {
  if (values.length === 0) throw new OptionError('fixedRandom', 'values', 'values: give at least one, like 0.5.')
  for (const value of values) checkNumber('fixedRandom', 'values', value, { max: 1 - Number.EPSILON / 2 })
  let index = 0
  return function fixed() {
    return values[index++ % values.length]!
  }
}
