import { checkNumber } from '@fetchstack/options'
import type { Random } from './types.ts'

/**
 * A source of randomness that gives the same numbers for the same seed, on every platform. Not for secrets.
 *
 * The generator is Tommy Ettinger's Mulberry32: 32 bits of state, 2^32 numbers before it repeats. Each call of
 * `seededRandom` starts a sequence of its own.
 *
 * @param seed - A whole number, at least 0. Its lower 32 bits count.
 * @throws {OptionError} When the seed is not a whole number of at least 0.
 * @example
 * ```ts
 * import { seededRandom } from '@fetchstack/backoff'
 *
 * const random = seededRandom(1)
 * random() // 0.6270739405881613
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function seededRandom(seed: number): Random {
  checkNumber('seededRandom', 'seed', seed, { integer: true })
  let state = seed | 0
  return function random() {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
