import { TokenError } from './errors.ts'
import type { Settings } from './options.ts'

/** When the server may be asked: not during the back-off after a failure, and not while it has nothing better to give. */
export interface Restraint {
  /** What the last refresh failed with, while it must not be tried again. */
  blockedBy(): TokenError | undefined
  /** Whether what the server gave is the best it has. */
  cooling(): boolean
  /** A refresh failed: what to throw, and when it may be tried again. */
  failed(thrown: unknown): { readonly error: TokenError; readonly retryAt: number }
  /** There is a token again. */
  recovered(): void
  /** The server gave the same token again, or one that has ended. */
  cool(): void
  /**
   * A token was issued because the one before was rejected. Servers that reject every new token must not have one issued for each call:
   * the third in a row waits as after a failure.
   */
  reissued(): void
}

export function restraint(settings: Settings): Restraint {
  const { clock, failureBackoff, random, sameTokenCooldown, terminal } = settings
  const next = (count: number, previous: number): number => failureBackoff(count, previous, random)
  /** The failures in a row. */
  let failure:
    | { readonly error: TokenError; readonly count: number; readonly wait: number; readonly retryAt: number }
    | undefined
  /** The tokens that were issued after rejections, each soon after the one before. */
  let issued: { readonly count: number; readonly wait: number; readonly until: number } | undefined
  let coolFor = 0
  let coolUntil = -Infinity
  const cool = (wait: number): void => {
    coolFor = wait
    coolUntil = clock.now() + wait
  }
  return {
    blockedBy() {
      if (failure === undefined) return undefined
      const now = clock.now()
      const { error, wait, retryAt } = failure
      // A clock that was set back must not make a wait of years: it begins anew.
      if (retryAt !== Infinity && retryAt - now > wait) failure = { ...failure, retryAt: now + wait }
      return now < failure.retryAt ? error : undefined
    },
    cooling() {
      if (coolUntil - clock.now() > coolFor) cool(coolFor)
      return clock.now() < coolUntil
    },
    failed(thrown) {
      const forGood = terminal(thrown)
      const count = (failure?.count ?? 0) + 1
      const wait = next(count, failure?.wait ?? 0)
      const retryAt = forGood ? Infinity : clock.now() + wait
      failure = { error: errorFor(thrown, forGood), count, wait, retryAt }
      return failure
    },
    recovered() {
      failure = undefined
    },
    cool() {
      cool(sameTokenCooldown)
    },
    reissued() {
      const now = clock.now()
      const { count, wait: previous } = issued !== undefined && now < issued.until ? issued : { count: 0, wait: 0 }
      const wait = count === 0 ? 0 : next(count, previous)
      cool(wait)
      issued = { count: count + 1, wait, until: coolUntil + sameTokenCooldown }
    },
  }
}

function errorFor(thrown: unknown, forGood: boolean): TokenError {
  if (thrown instanceof TokenError) return thrown
  return forGood
    ? new TokenError('TERMINAL', 'The refresh was refused for good: it is not tried again.', { cause: thrown })
    : new TokenError('REFRESH', 'The refresh of the token failed.', { cause: thrown })
}
