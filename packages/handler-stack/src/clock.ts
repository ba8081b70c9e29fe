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
    let left = delayMs
    let timer: unknown
    const stop = (): void => {
      clock.clearTimeout(timer)
      reject(signal!.reason)
    }
    const wait = (): void => {
      timer = clock.setTimeout(
        () => {
          left -= MAX_TIMER
          if (left > 0) return wait()
          signal?.removeEventListener('abort', stop)
          resolve()
        },
        Math.min(left, MAX_TIMER),
      )
    }
    if (signal?.aborted) return stop()
    signal?.addEventListener('abort', stop, { once: true })
    wait()
  })
}
