import { constant } from '@fetchstack/backoff'
import { type Handler, HandlerStack, type StackFetch } from '@fetchstack/handler-stack'
import { type FakeClock, fakeClock } from '@fetchstack/testing'
import { type RetryCallOptions, type RetryOptions, retry } from '../src/index.ts'

export interface Rig {
  readonly api: StackFetch<{ readonly retry?: RetryCallOptions }>
  readonly clock: FakeClock
  /** Lets every wait pass until the call has settled. */
  settle<T>(call: Promise<T>): Promise<T>
}

/** A stack of one retry on a fake clock; waits of 100 ms, no budget, unless the options say otherwise. */
export function rig(handler: Handler | undefined, options: RetryOptions = {}): Rig {
  const clock = fakeClock({ now: Date.UTC(2026, 10, 22) })
  const api = HandlerStack.create(handler)
    .push(retry({ schedule: constant(100), budget: false, spread: 0, clock, ...options }))
    .toFetch()
  return {
    api,
    clock,
    async settle(call) {
      let settled = false
      const end = (): void => {
        settled = true
      }
      call.then(end, end)
      while (!settled) {
        await Promise.race([call.catch(() => {}), clock.untilPending(1, 10_000)])
        if (!settled) await clock.runNext()
      }
      return call
    },
  }
}

export const URL_1 = 'https://api.example.com/videos'
