import { TokenError } from './errors.ts'
import type { Settings } from './options.ts'
import type { TimeLimit } from './time-limit.ts'
import { makeToken } from './token.ts'
import type { Refresh, RefreshReason, StoredToken, Token, TokenStore } from './types.ts'

/** One refresh, as the source wants it. */
export interface Renewal {
  /** Whether a token of the store will do, so that nobody has to be asked. */
  accepts(token: Token): boolean
  /** What is wrong with the token that is to be replaced. */
  reasonFor(token: Token | undefined): RefreshReason
  readonly scope: string | undefined
  readonly time: TimeLimit
}

/** What came of it; `asked`: the server gave it, just now. */
export interface Renewed {
  readonly token: Token
  readonly asked: boolean
}

/** More than the clocks and the timers of two processes may differ in one flight. */
const LEASE_MARGIN = 5_000

/**
 * The protocol by which several processes share a refresh token that is good for one use:
 * 1. Load. A token that will do was put there by somebody else: take it.
 * 2. Lock, and load again, since somebody may have refreshed while we waited.
 * 3. Refresh with the refresh token that was loaded, and with no older one.
 * 4. Commit by compare-and-set before anybody gets to see the token. Whoever loses takes the winner's.
 * 5. Refused for good: load once more, since somebody without the lock may have rotated the refresh token meanwhile.
 */
export function renewals(
  refresh: Refresh,
  settings: Settings,
  store: TokenStore,
): (renewal: Renewal) => Promise<Renewed> {
  /** A token that was refreshed and could not be written, and the version it was refreshed from. */
  let pending: { readonly from: string | undefined; readonly token: Token } | undefined

  const load = (): Promise<StoredToken | undefined> => guard('read', () => store.load())

  const ask = async (current: Token | undefined, renewal: Renewal): Promise<Token> => {
    const { scope, time } = renewal
    // From here on a lock may have passed to another.
    time.check()
    const given: unknown = await refresh({ reason: renewal.reasonFor(current), current, scope, signal: time.signal })
    return checked(given, current, scope)
  }

  const commit = async (stored: StoredToken | undefined, token: Token): Promise<Renewed> => {
    pending = { from: stored?.version, token }
    const answer = await guard('written', () => store.compareAndSet(stored?.version, token))
    pending = undefined
    return answer.won ? { token, asked: true } : { token: answer.stored.token, asked: false }
  }

  const renew = async (stored: StoredToken | undefined, renewal: Renewal): Promise<Renewed> => {
    const kept = pending?.from === stored?.version ? pending?.token : undefined
    if (kept !== undefined && renewal.accepts(kept)) return commit(stored, kept)
    let token: Token
    try {
      token = await ask(kept ?? stored?.token, renewal)
    } catch (error) {
      if (!settings.terminal(error)) throw error
      const now = await load()
      if (now !== undefined && now.version !== stored?.version && renewal.accepts(now.token)) {
        return { token: now.token, asked: false }
      }
      throw error
    }
    return commit(stored, token)
  }

  return async function renewed(renewal: Renewal): Promise<Renewed> {
    const attempt = async (stored: StoredToken | undefined, otherwise: typeof renew): Promise<Renewed> =>
      stored !== undefined && renewal.accepts(stored.token)
        ? { token: stored.token, asked: false }
        : otherwise(stored, renewal)

    const stored = await load()
    const { lock } = settings
    if (lock === undefined) return attempt(stored, renew)
    return attempt(stored, () => locked(settings, renewal.time.signal, async () => attempt(await load(), renew)))
  }
}

/** Runs `work` under the lock, or rejects when that does not come in time. */
async function locked<T>(settings: Settings, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const { lock, clock, lockTimeout, flightTimeout } = settings
  const bound = new AbortController()
  const end = (): void => bound.abort(signal.reason)
  const timer = clock.setTimeout(() => {
    bound.abort(new TokenError('LOCK', `The lock of the token did not come within ${lockTimeout} ms.`))
  }, lockTimeout)
  let entered = false
  const late = new Promise<never>((_, reject) => {
    bound.signal.addEventListener('abort', () => {
      if (!entered) reject(bound.signal.reason)
    })
  })
  const enter = async (): Promise<T> => {
    // A lock that comes after all must not have two of us at it.
    bound.signal.throwIfAborted()
    entered = true
    clock.clearTimeout(timer)
    return work()
  }
  signal.addEventListener('abort', end)
  try {
    return await Promise.race([lock!(enter, { signal: bound.signal, lease: flightTimeout + LEASE_MARGIN }), late])
  } catch (cause) {
    if (entered || cause instanceof TokenError) throw cause
    throw new TokenError('LOCK', 'The lock of the token failed.', { cause })
  } finally {
    clock.clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}

async function guard<T>(what: 'read' | 'written', work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof TokenError) throw cause
    throw new TokenError('STORE', `The store of the token could not be ${what}.`, { cause })
  }
}

function checked(given: unknown, current: Token | undefined, scope: string | undefined): Token {
  try {
    const token = given as Token
    return makeToken({
      value: token.value,
      type: token.type,
      expiresAt: token.expiresAt,
      issuedAt: token.issuedAt,
      // A server that gives no new refresh token leaves the old one in force (RFC 6749 §6).
      refreshToken: token.refreshToken ?? current?.refreshToken,
      // A server that names no scope grants the one it was asked for (RFC 6749 §5.1).
      scope: token.scope ?? scope ?? current?.scope,
    })
  } catch (cause) {
    throw new TokenError('INVALID', 'The refresh gave something that is no token.', { cause })
  }
}
