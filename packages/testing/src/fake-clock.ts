import type { Clock } from '@fetchstack/handler-stack'
import { checkFunction, checkNumber, checkOptions } from '@fetchstack/options'

/** Options of `fakeClock`. */
export interface FakeClockOptions {
  /** The time it starts at, in milliseconds since the epoch. Default 0. */
  readonly now?: number
  /** `true`: a wait above 2,147,483,647 ms is over at once, as on every platform. Default `false`: it lasts as long as asked. */
  readonly platformLimit?: boolean
}

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** How many timers are set. */
  readonly pending: number
  /** Every wait that was asked for, in milliseconds and in order, also those that were cleared. */
  readonly waits: readonly number[]
  /**
   * Goes on by `ms` milliseconds. Timers fire in the order of their time, each with `now()` at its own time, and before each of
   * them and at the end all that is ready to run gets its turn. I/O is not waited for. Rejects with what a timer throws.
   */
  advance(ms: number): Promise<void>
  /** Goes on to the next timer and fires it. Resolves with the milliseconds it took, or `undefined` when there is none. */
  runNext(): Promise<number | undefined>
  /**
   * Resolves when at least `count` timers are set; default 1. For code that does I/O before it waits.
   * Rejects after `timeout` real milliseconds; default 2,000.
   */
  untilPending(count?: number, timeout?: number): Promise<void>
  /** Fires timers until none is left. @throws {Error} There are still some after `limit` of them; default 1,000. */
  runAll(limit?: number): Promise<void>
}

/**
 * A `Clock` for tests: waits of any length are over when the test says so.
 *
 * @throws {OptionError} An option is not valid.
 * @example
 * ```ts
 * import { fakeClock } from '@fetchstack/testing'
 *
 * const clock = fakeClock()
 * clock.setTimeout(() => console.log('a minute later'), 60_000)
 * await clock.advance(60_000)
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function fakeClock(options: FakeClockOptions = {}): FakeClock {
  checkOptions('fakeClock', options, ['now', 'platformLimit'])
  const { now: start = 0, platformLimit = false } = options
  checkNumber('fakeClock', 'now', start, { unit: 'milliseconds' })
  // Taken now, so that a test which fakes the global timers afterwards does not stop this clock.
  const { setImmediate, setTimeout, clearTimeout } = globalThis
  const turn = () => new Promise<void>((resolve) => (setImmediate ?? setTimeout)(resolve))
  const timers = new Map<number, { readonly due: number; readonly callback: () => void }>()
  const waits: number[] = []
  const watchers = new Set<() => void>()
  let now = start
  let handles = 0

  /** Fires the first timer that is due by `limit`. */
  const fireNext = async (limit: number): Promise<boolean> => {
    await turn()
    let first: number | undefined
    for (const [handle, { due }] of timers) {
      if (due <= limit && (first === undefined || due < timers.get(first)!.due)) first = handle
    }
    if (first === undefined) return false
    const { due, callback } = timers.get(first)!
    timers.delete(first)
    now = Math.max(now, due)
    callback()
    return true
  }

  const clock: FakeClock = {
    now: () => now,
    setTimeout: (callback, delayMs) => {
      checkFunction('fakeClock.setTimeout', 'callback', callback)
      const wait = delayMs > 0 ? delayMs : 0
      waits.push(wait)
      timers.set(++handles, { due: now + (platformLimit && wait > 2 ** 31 - 1 ? 0 : wait), callback })
      for (const look of watchers) look()
      return handles
    },
    clearTimeout: (handle) => {
      timers.delete(handle as number)
    },
    get pending() {
      return timers.size
    },
    waits,
    advance: async (ms) => {
      checkNumber('fakeClock.advance', 'ms', ms, { unit: 'milliseconds' })
      const end = now + ms
      while (await fireNext(end));
      now = Math.max(now, end)
    },
    runNext: async () => {
      const before = now
      if (!(await fireNext(Number.MAX_VALUE))) return undefined
      await turn()
      return now - before
    },
    untilPending: (count = 1, timeout = 2_000) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          clearTimeout(bound)
          watchers.delete(look)
          act()
        }
        const look = () => {
          if (timers.size >= count) settle(resolve)
        }
        const bound = setTimeout(() => {
          const text = `fakeClock: ${timers.size} timers are set after ${timeout} ms, not ${count}.`
          settle(() => reject(new Error(text)))
        }, timeout)
        watchers.add(look)
        look()
      }),
    runAll: async (limit = 1_000) => {
      checkNumber('fakeClock.runAll', 'limit', limit, { min: 1, integer: true })
      for (let fired = 0; await fireNext(Number.MAX_VALUE); fired++) {
        if (fired >= limit) throw new Error(`fakeClock: more than ${limit} timers fired. Does one set itself again?`)
      }
    },
  }
  return clock
}
