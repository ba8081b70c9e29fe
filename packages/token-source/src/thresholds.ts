import type { Settings } from './options.ts'
import type { Token } from './types.ts'

/** `fresh`: as good as new. `stale`: good, and to be refreshed in the background. `ended`: not to be sent any more. */
export type Phase = 'fresh' | 'stale' | 'ended'

/** Where in its life a token is. One whose end is not known is always fresh. */
export function phaseOf(token: Token, now: number, { refreshAhead, expireAhead }: Settings): Phase {
  const { expiresAt, issuedAt } = token
  if (expiresAt === undefined) return 'fresh'
  const lifetime = Math.max(0, expiresAt - issuedAt)
  // A margin that is longer than the life of a token would have it refreshed by every call.
  const within = (margin: number): boolean => now >= expiresAt - Math.min(margin, lifetime / 2)
  if (within(expireAhead ?? Math.min(10_000, lifetime * 0.05))) return 'ended'
  const ahead = typeof refreshAhead === 'function' ? refreshAhead(token) : refreshAhead
  return within(ahead ?? Math.min(120_000, lifetime * 0.25)) ? 'stale' : 'fresh'
}
