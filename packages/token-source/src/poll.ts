import { sleep, systemClock } from '@fetchstack/handler-stack'

/** Tries until `attempt` gives something, with waits of 20 to 200 ms. Rejects with the signal's reason when that aborts. */
export async function poll<T>(attempt: () => Promise<T | undefined>, signal: AbortSignal): Promise<T> {
  for (let wait = 20; ; wait = Math.min(200, wait * 1.5)) {
    signal.throwIfAborted()
    const result = await attempt()
    if (result !== undefined) return result
    // Randomised, so that those who wait do not come at the same moment.
    await sleep(systemClock, wait * (0.5 + Math.random() / 2), signal)
  }
}
