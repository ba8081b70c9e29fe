import { checkSchedule, exponential, type Random, type Schedule } from '@fetchstack/backoff'
import { type Clock, systemClock } from '@fetchstack/handler-stack'
import { checkFunction, checkNumber, checkOptions, OptionError, refuse } from '@fetchstack/options'
import type { TokenError } from './errors.ts'
import { isTerminal } from './terminal.ts'
import type { RefreshReason, Token, TokenLock, TokenStore } from './types.ts'

/** Options of `tokenSource`. All times are in milliseconds. */
export interface TokenSourceOptions {
  /**
   * How long before its end a token is refreshed in the background, while callers still get it. A function is asked for each
   * token. Default: 25 % of its lifetime, at most 120,000. Never more than half of the lifetime.
   */
  readonly refreshAhead?: number | ((token: Token) => number)
  /**
   * How long before its end a token is not given any more, so that it does not end on its way. Default: 5 % of its lifetime, at
   * most 10,000. Never more than half of the lifetime.
   */
  readonly expireAhead?: number
  /** The waits after a failed refresh. Default `exponential({ initialDelay: 1_000, maxDelay: 30_000 })`, with full jitter. */
  readonly failureBackoff?: Schedule
  /** How long nothing is asked when the server gave the same token again, or one that has ended. Default 30,000. */
  readonly sameTokenCooldown?: number
  /** How long a refresh may take in all: the store, the lock and the request. Default 30,000. */
  readonly flightTimeout?: number
  /** Whether a failed refresh is not to be tried again before `reset()`. Default `isTerminal`. */
  readonly terminal?: (error: unknown) => boolean
  /** Where the token is kept. Default: in memory. */
  readonly store?: TokenStore
  /** Keeps others from refreshing at the same time; `false`: nothing does. Default: the lock of the store, if it has one. */
  readonly lock?: TokenLock | false
  /** How long a lock is waited for. Default 10,000, at most `flightTimeout`. */
  readonly lockTimeout?: number
  /** Told what became of each refresh. What it throws is ignored. Default: nobody. */
  readonly onEvent?: (event: TokenEvent) => void
  /** Default `systemClock`. */
  readonly clock?: Clock
  /** The randomness of the back-off. Default `Math.random`. */
  readonly random?: Random
}

/** What became of a refresh. `refreshed`: there is a new token. `taken`: another process had refreshed. `failed`: there is none. */
export type TokenEvent =
  | { readonly type: 'refreshed' | 'taken'; readonly reason: RefreshReason }
  | { readonly type: 'failed'; readonly reason: RefreshReason; readonly error: TokenError; readonly retryAt: number }

/** The options with their defaults. */
export type Settings = Required<Omit<TokenSourceOptions, 'store' | 'lock' | 'refreshAhead' | 'expireAhead'>> & {
  readonly [Name in 'store' | 'refreshAhead' | 'expireAhead']: TokenSourceOptions[Name] | undefined
} & { readonly lock: TokenLock | undefined }

const owner = 'tokenSource'
const unit = 'milliseconds'

/** @throws {OptionError} An option is unknown, out of range, or contradicts another. */
export function settingsOf(options: TokenSourceOptions): Settings {
  checkOptions(owner, options, [
    'refreshAhead',
    'expireAhead',
    'failureBackoff',
    'sameTokenCooldown',
    'flightTimeout',
    'terminal',
    'store',
    'lock',
    'lockTimeout',
    'onEvent',
    'clock',
    'random',
  ])
  const {
    refreshAhead,
    expireAhead,
    failureBackoff = exponential({ initialDelay: 1_000, maxDelay: 30_000 }),
    sameTokenCooldown = 30_000,
    flightTimeout = 30_000,
    terminal = isTerminal,
    store,
    // As a method: a store may be an instance of a class.
    lock = store?.lock && ((work, bounds) => store.lock!(work, bounds)),
    lockTimeout = Math.min(10_000, flightTimeout),
    onEvent = () => {},
    clock = systemClock,
    random = Math.random,
  } = options
  if (typeof refreshAhead !== 'function' && refreshAhead !== undefined) {
    checkNumber(owner, 'refreshAhead', refreshAhead, { unit })
  }
  if (expireAhead !== undefined) checkNumber(owner, 'expireAhead', expireAhead, { unit })
  if (typeof refreshAhead === 'number' && expireAhead !== undefined && expireAhead > refreshAhead) {
    const problem = 'expireAhead must not be above refreshAhead, or nothing is ever refreshed in the background.'
    throw new OptionError(owner, 'expireAhead', problem)
  }
  checkSchedule(owner, 'failureBackoff', failureBackoff)
  checkNumber(owner, 'sameTokenCooldown', sameTokenCooldown, { unit })
  checkNumber(owner, 'flightTimeout', flightTimeout, { min: 1, max: 2 ** 31 - 1, unit })
  checkNumber(owner, 'lockTimeout', lockTimeout, { min: 1, max: flightTimeout, unit })
  for (const [option, value] of Object.entries({ terminal, onEvent, random })) checkFunction(owner, option, value)
  if (lock !== undefined && lock !== false) checkFunction(owner, 'lock', lock)
  checkHas('clock', clock, ['now', 'setTimeout', 'clearTimeout'])
  if (store !== undefined) checkHas('store', store, ['load', 'compareAndSet'])
  return {
    refreshAhead,
    expireAhead,
    failureBackoff,
    sameTokenCooldown,
    flightTimeout,
    terminal,
    store,
    lock: lock === false ? undefined : lock,
    lockTimeout,
    onEvent,
    clock,
    random,
  }
}

function checkHas(option: string, value: unknown, methods: readonly string[]): void {
  const has = (name: string): boolean => typeof (Object(value) as Record<string, unknown>)[name] === 'function'
  if (!methods.every(has)) refuse(owner, option, value, `an object with ${methods.join(', ')}`)
}
