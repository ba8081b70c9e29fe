import { checkFunction } from '@fetchstack/options'
import { memoryStore } from './memory.ts'
import { settingsOf, type TokenEvent, type TokenSourceOptions } from './options.ts'
import { type Renewed, renewals } from './renewal.ts'
import { restraint } from './restraint.ts'
import { covers, union } from './scopes.ts'
import { phaseOf } from './thresholds.ts'
import { type TimeLimit, timeLimited } from './time-limit.ts'
import { sameToken } from './token.ts'
import type { Refresh, RefreshReason, Token, TokenSource, TokenWish } from './types.ts'
import { untilAborted } from './until-aborted.ts'

/** A {@link TokenSource} that can be started over. */
export interface ResettableTokenSource extends TokenSource {
  /** Whether a refresh is under way. */
  readonly busy: boolean
  /**
   * Forgets failures, waits and the token in memory: the next `get()` reads the store, or refreshes. Without a store the refresh token
   * is gone too. A refresh that is under way still reaches those who wait for it and the store, but not this source.
   */
  reset(): void
}

const MOST_DENIED = 100

/** A refresh under way, and what it was started for. */
interface Flight {
  readonly token: Promise<Token>
  readonly scope: string | undefined
  readonly refused: Token | undefined
}

/**
 * Gives everyone the same token, and refreshes it once for all of them: before it ends, or when a server rejected it.
 *
 * - One refresh at a time. It has a signal and a time limit of its own; the abort of a caller ends only that caller's wait, at once.
 * - A token that is near its end is refreshed in the background, while it is still given out; one at its end is waited for.
 * - `replace(rejected)` refreshes only if `rejected` is still the current token. A token that was rejected is not given out again.
 * - After a failure nobody is asked until the back-off is over: whoever needs a new token gets the last error at once.
 * - A server that gives the same token again is left alone for a while, and the token is given out as it is. So it is where every new
 *   token is rejected too.
 * - With a store, the new token is written before anybody sees it: see `docs/refreshing-tokens.md`.
 *
 * For a scope that is missing (403 `insufficient_scope`) call `get({ scope })`: `replace` is for a token that is good for nothing.
 *
 * @param refresh - Gets a token from whoever issues it. It must end when its signal aborts.
 * @throws {OptionError} When it is made: an option can't be used.
 * @throws {TokenError} As a rejection of `get` and `replace`: see `TokenErrorKind`. After an abort: the signal's own reason.
 * @example
 * ```ts
 * import { makeToken, tokenSource } from '@fetchstack/token-source'
 *
 * const source = tokenSource(async ({ current, signal }) => {
 *   const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: current?.refreshToken?.reveal() ?? 'first' })
 *   const response = await fetch('https://login.example.com/token', { method: 'POST', body, signal })
 *   const answer = await response.json()
 *   const { access_token: value, refresh_token: refreshToken, expires_in: seconds } = answer
 *   return makeToken({ value, refreshToken, expiresAt: Date.now() + seconds * 1_000 })
 * })
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function tokenSource(refresh: Refresh, options: TokenSourceOptions = {}): ResettableTokenSource {
  // Who gives the token itself must not find it in a message.
  checkFunction('tokenSource', 'refresh', typeof refresh === 'string' ? '[secret]' : refresh)
  const settings = settingsOf(options)
  const { clock, flightTimeout, onEvent, sameTokenCooldown } = settings
  let renew = renewals(refresh, settings, settings.store ?? memoryStore())
  let current: Token | undefined
  let flight: Flight | undefined
  let restrained = restraint(settings)
  /** The token that a server did not take. */
  let refused: Token | undefined
  /** The scopes that were granted on top since servers asked for them: they are asked for again with each refresh. */
  let wanted: string | undefined
  /** What was asked for and not granted, and since when: it is not asked for again for a while. */
  const denied = new Map<string, number>()

  const reasonFor = (token: Token | undefined, scope: string | undefined): RefreshReason => {
    if (token === undefined) return 'missing'
    if (sameToken(token, refused)) return 'rejected'
    if (phaseOf(token, clock.now(), settings) === 'ended') return 'expired'
    return covers(token.scope, scope) ? 'stale' : 'scope'
  }
  const fits = (token: Token, scope: string | undefined): boolean => {
    const reason = reasonFor(token, scope)
    if (reason !== 'scope') return reason === 'stale'
    const age = clock.now() - (denied.get(scope!) ?? NaN)
    return age >= 0 && age < sameTokenCooldown
  }
  const report = (event: TokenEvent): void => {
    // Whoever watches must not change what happens; nor by a promise, which a function of this type may give.
    const watch = async (): Promise<void> => onEvent(event)
    watch().catch(() => {})
  }

  const adopt = (
    { token, asked }: Renewed,
    before: Token | undefined,
    reason: RefreshReason,
    scope?: string,
    requested?: string,
  ): void => {
    current = token
    restrained.recovered()
    if (asked && reason === 'rejected') restrained.reissued()
    const now = clock.now()
    const same = (asked && sameToken(token, before)) || sameToken(token, refused)
    // Also what was taken from another: where that is no better, asking is of no use.
    if (same || phaseOf(token, now, settings) === 'ended') restrained.cool()
    if (!asked) return
    refused = undefined
    if (covers(token.scope, requested)) wanted = requested
    if (scope !== undefined && !covers(token.scope, scope)) {
      denied.delete(scope)
      denied.set(scope, now)
      // Servers name the scopes.
      if (denied.size > MOST_DENIED) denied.delete(denied.keys().next().value!)
    }
  }

  const start = (scope: string | undefined): Promise<Token> => {
    const blocked = restrained.blockedBy()
    if (blocked !== undefined) return Promise.reject(blocked)
    const requested = scope === undefined ? wanted : union(union(current?.scope, wanted), scope)
    const before = current
    const reason = reasonFor(current, scope)
    const mine = renew
    const work = async (time: TimeLimit): Promise<Token> => {
      const renewed = await mine({
        accepts: (token) =>
          fits(token, scope) && (reason !== 'stale' || phaseOf(token, clock.now(), settings) === 'fresh'),
        reasonFor: (token) => reasonFor(token, scope),
        scope: requested,
        time,
      })
      // Also when it comes too late for those who waited: its refresh token may be the only one that is still good.
      if (mine === renew) adopt(renewed, before, reason, scope, requested)
      report({ type: renewed.asked ? 'refreshed' : 'taken', reason })
      return renewed.token
    }
    const land = (): void => {
      if (flight === own) flight = undefined
    }
    const token = timeLimited(clock, flightTimeout, work).then(
      (token) => {
        land()
        return token
      },
      (thrown: unknown) => {
        land()
        if (mine !== renew) throw thrown
        const { error, retryAt } = restrained.failed(thrown)
        report({ type: 'failed', reason, error, retryAt })
        throw error
      },
    )
    const own: Flight = { token, scope, refused }
    flight = own
    return token
  }

  /** Joins the flight that serves, or starts one when no other is under way. */
  const wait = async (scope: string | undefined): Promise<Token> => {
    while (flight !== undefined && !(flight.refused === refused && covers(flight.scope, scope))) {
      const token = await flight.token
      if (fits(token, scope)) return token
    }
    return flight?.token ?? start(scope)
  }

  const obtain = ({ signal, scope }: TokenWish): Promise<Token> => {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (current !== undefined) {
      if (fits(current, scope)) {
        const idle = flight === undefined && !restrained.cooling() && restrained.blockedBy() === undefined
        // What it fails with is told by `onEvent`, and to whoever needs a token when this one has ended.
        if (idle && phaseOf(current, clock.now(), settings) === 'stale') start(undefined).catch(() => {})
        return Promise.resolve(current)
      }
      if (restrained.cooling() && reasonFor(current, scope) !== 'scope') return Promise.resolve(current)
    }
    return untilAborted(wait(scope), signal)
  }

  return {
    get: (wish = {}) => obtain(wish),
    replace(rejected, wish = {}) {
      if ((current === undefined || sameToken(current, rejected)) && !restrained.cooling()) {
        // The same object for the same token: it says which flights are for it.
        if (!sameToken(refused, rejected)) refused = rejected
      }
      return obtain(wish)
    },
    peek: () => current,
    get busy() {
      return flight !== undefined
    },
    reset() {
      renew = renewals(refresh, settings, settings.store ?? memoryStore())
      restrained = restraint(settings)
      current = flight = refused = wanted = undefined
      denied.clear()
    },
  }
}
