import { type Clock, systemClock } from '@fetchstack/handler-stack'
import { remember } from './remember.ts'
import type { AuthTime } from './scheme.ts'

// What is within is no skew but the way there: the same bound that servers give to proofs.
const TOLERANCE = 30_000
const YEAR_10000 = 253_402_300_800_000

// By clock: whoever shares a clock, as all do by default, shares what was learnt with it.
const offsets = /* @__PURE__ */ new WeakMap<object, Map<string, number>>()

/**
 * The time to sign a request to `origin` with: that of `clock`, corrected by what is known of the server's. What `correct` learns
 * is shared by all that sign for this origin with this clock, also by what has no request: a client assertion.
 *
 * @param clock - Default: `systemClock`.
 * @example
 * ```ts
 * import { authTime } from '@fetchstack/auth'
 *
 * const time = authTime('https://api.example.com')
 * const issuedAt = Math.floor(time.now() / 1000)
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function authTime(origin: string, clock: Pick<Clock, 'now'> = systemClock): AuthTime {
  let known = offsets.get(clock)
  if (known === undefined) offsets.set(clock, (known = new Map<string, number>()))
  const shared = known
  // A snapshot: of many requests that were signed with the old offset, each has to find out (aws/aws-sdk-js-v3#8009).
  let offset = shared.get(origin) ?? 0
  return {
    now: () => clock.now() + offset,
    correct({ headers }) {
      const age = headers.get('age') ?? '0'
      const date = Date.parse(headers.get('date') ?? '') + (/^\d+$/.test(age) ? Number(age) * 1000 : NaN)
      // Beyond, it is no date of HTTP, and what signs with it would throw from then on.
      if (!(date >= 0 && date < YEAR_10000 && Math.abs(date - clock.now() - offset) > TOLERANCE)) return false
      offset = date - clock.now()
      remember(shared, origin, offset)
      return true
    },
  }
}
