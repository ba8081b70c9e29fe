import type { Clock } from './contract.ts'

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
}

// The longest delay that timers can hold; a longer one would fire at once.
const MAX_TIMER = 2 ** 31 - 1

/**
 * Resolves after `delayMs` milliseconds, also beyond the 24.8 days of one timer. Always yields, even for 0.
 * Rejects with the signal's reason as soon as it aborts; leaves no timer and no listener behind.
 *
 * @example
 * ```ts
 * import { sleep, systemClock } from '@fetchstack/handler-stack'
 *
 * await sleep(systemClock, 1_000, AbortSignal.timeout(60_000))
 * ```
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason)
      return
    }
    const end = clock.now() + delayMs
    const wait = (left: number): unknown => clock.setTimeout(onTimer, Math.min(left, MAX_TIMER))
    let timer = wait(delayMs)
    function onTimer(): void {
      const left = end - clock.now()
      // Timers may fire a millisecond early by the clock; only the long wait goes on.
      if (delayMs > MAX_TIMER && left > 1) {
        timer = wait(left)
        return
      }
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }
    function onAbort(): void {
      clock.clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
