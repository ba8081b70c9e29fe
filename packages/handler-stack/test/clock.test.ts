import { describe, expect, test, vi } from 'vitest'
import { type Clock, sleep, systemClock } from '../src/index.ts'

interface Timer {
  readonly callback: () => void
  readonly delayMs: number
}

/** A clock whose timers fire when they are told to. */
function handClock(): Clock & { readonly timers: Map<number, Timer>; fire(): void } {
  const timers = new Map<number, Timer>()
  let handle = 0
  return {
    timers,
    now: () => 0,
    setTimeout(callback, delayMs) {
      timers.set(++handle, { callback, delayMs })
      return handle
    },
    clearTimeout: (one) => void timers.delete(one as number),
    fire() {
      const [[first, timer]] = timers as unknown as [[number, Timer]]
      timers.delete(first)
      timer.callback()
    },
  }
}

function countingSignal(): { readonly controller: AbortController; readonly signal: AbortSignal; listeners(): number } {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners++
    Reflect.apply(addEventListener, signal, args)
  }
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners--
    Reflect.apply(removeEventListener, signal, args)
  }
  return { controller, signal, listeners: () => listeners }
}

describe('sleep', () => {
  test('resolves when its timer fires, and not before', async () => {
    const clock = handClock()
    const done = vi.fn()
    const slept = sleep(clock, 1_000).then(done)
    await Promise.resolve()
    expect(done).not.toHaveBeenCalled()
    expect([...clock.timers.values()].map(({ delayMs }) => delayMs)).toEqual([1_000])
    clock.fire()
    await slept
    expect(done).toHaveBeenCalledOnce()
  })

  test('yields also for 0 milliseconds', async () => {
    const clock = handClock()
    const slept = sleep(clock, 0)
    expect(clock.timers.size).toBe(1)
    clock.fire()
    await slept
  })

  test('waits longer than one timer can hold', async () => {
    const clock = handClock()
    const max = 2 ** 31 - 1
    const slept = sleep(clock, 2 * max + 5)
    const waits: number[] = []
    while (clock.timers.size > 0) {
      waits.push(...[...clock.timers.values()].map(({ delayMs }) => delayMs))
      clock.fire()
    }
    await slept
    expect(waits).toEqual([max, max, 5])
  })

  test('needs one timer for the longest wait that one can hold', async () => {
    const clock = handClock()
    const slept = sleep(clock, 2 ** 31 - 1)
    clock.fire()
    expect(clock.timers.size).toBe(0)
    await slept
  })

  test('an abort rejects at once with the reason, and leaves no timer and no listener', async () => {
    const clock = handClock()
    const { controller, signal, listeners } = countingSignal()
    const slept = sleep(clock, 60_000, signal)
    expect([clock.timers.size, listeners()]).toEqual([1, 1])
    const reason = new Error('enough')
    controller.abort(reason)
    expect(clock.timers.size).toBe(0)
    await expect(slept).rejects.toBe(reason)
  })

  test('an abort during the second timer of a long wait ends it too', async () => {
    const clock = handClock()
    const controller = new AbortController()
    const slept = sleep(clock, 2 ** 32, controller.signal)
    clock.fire()
    controller.abort('enough')
    expect(clock.timers.size).toBe(0)
    await expect(slept).rejects.toBe('enough')
  })

  test('a signal that is aborted already rejects at once, without a timer', async () => {
    const clock = handClock()
    await expect(sleep(clock, 60_000, AbortSignal.abort('before'))).rejects.toBe('before')
    expect(clock.timers.size).toBe(0)
  })

  test('leaves no listener on the signal when it is over', async () => {
    const clock = handClock()
    const { signal, listeners } = countingSignal()
    const slept = sleep(clock, 1, signal)
    clock.fire()
    await slept
    expect(listeners()).toBe(0)
  })

  test('an abort after the end changes nothing', async () => {
    const clock = handClock()
    const controller = new AbortController()
    const slept = sleep(clock, 1, controller.signal)
    clock.fire()
    controller.abort()
    await expect(slept).resolves.toBeUndefined()
  })
})

describe('systemClock', () => {
  test('is the time and the timers of the machine', async () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000)
    const never = vi.fn()
    systemClock.clearTimeout(systemClock.setTimeout(never, 0))
    await sleep(systemClock, 1)
    expect(never).not.toHaveBeenCalled()
  })
})
