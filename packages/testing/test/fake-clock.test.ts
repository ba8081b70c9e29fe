import { sleep } from '@fetchstack/handler-stack'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../src/index.ts'
import { rejection, start } from './helpers.ts'

describe('fakeClock', () => {
  it('stands still until it is told to go on', async () => {
    const clock = fakeClock({ now: 1_000 })
    expect(clock.now()).toBe(1_000)
    await clock.advance(500)
    expect(clock.now()).toBe(1_500)
    expect(fakeClock().now()).toBe(0)
  })

  it('fires timers in the order of their time, each at its own time, and those of one time as they were set', async () => {
    const clock = fakeClock()
    const fired: string[] = []
    const at = (name: string, ms: number) => clock.setTimeout(() => fired.push(`${name}@${clock.now()}`), ms)
    at('c', 30)
    at('a', 10)
    at('b', 20)
    at('a2', 10)
    at('late', 31)
    at('now', 0)
    at('negative', -5)
    at('not a number', Number.NaN)
    await clock.advance(30)
    expect(fired).toEqual(['now@0', 'negative@0', 'not a number@0', 'a@10', 'a2@10', 'b@20', 'c@30'])
    expect([clock.now(), clock.pending]).toEqual([30, 1])
  })

  it('lets promise chains go on between timers, so that a later wait starts at the time of the earlier one', async () => {
    const clock = fakeClock()
    const times: number[] = []
    const run = async () => {
      for (const wait of [100, 200, 400]) {
        await sleep(clock, wait)
        await Promise.resolve()
        await new Response('x').text()
        times.push(clock.now())
      }
    }
    const running = run()
    await clock.advance(1_000)
    await running
    expect(times).toEqual([100, 300, 700])
    expect(clock.waits).toEqual([100, 200, 400])
  })

  it('sees a timer that is set after advance() was called but before it runs', async () => {
    const clock = fakeClock()
    const waiting = Promise.resolve().then(() => sleep(clock, 5))
    await clock.advance(5)
    await waiting
    expect(clock.pending).toBe(0)
  })

  it('clearTimeout takes a timer away; a handle that is none is ignored', async () => {
    const clock = fakeClock()
    const handle = clock.setTimeout(() => expect.fail('fired'), 10)
    clock.clearTimeout(handle)
    for (const none of [handle, undefined, null, {}, 99]) clock.clearTimeout(none)
    await clock.advance(10)
    expect([clock.pending, clock.waits]).toEqual([0, [10]])
  })

  it('a sleep that is aborted leaves no timer', async () => {
    const clock = fakeClock()
    const controller = new AbortController()
    const waiting = rejection(sleep(clock, 60_000, controller.signal))
    expect(clock.pending).toBe(1)
    controller.abort()
    expect(await waiting).toBe(controller.signal.reason)
    expect(clock.pending).toBe(0)
  })

  it('a wait above 2^31-1 ms lasts as long as asked; with platformLimit it is over at once', async () => {
    const days = 100 * 86_400_000
    const clock = fakeClock()
    let fired = 0
    clock.setTimeout(() => fired++, days)
    await clock.advance(days - 1)
    expect(fired).toBe(0)
    await clock.advance(1)
    expect(fired).toBe(1)

    const limited = fakeClock({ platformLimit: true })
    limited.setTimeout(() => fired++, 2 ** 31 - 1)
    limited.setTimeout(() => fired++, 2 ** 31)
    await limited.advance(0)
    expect([fired, limited.pending]).toEqual([2, 1])
  })

  it('the sleep of the stack bears the limit of the platform', async () => {
    const days = 100 * 86_400_000
    const clock = fakeClock({ platformLimit: true })
    let over = false
    const sleeping = sleep(clock, days).then(() => (over = true))
    await clock.advance(days - 1)
    expect(over).toBe(false)
    await clock.advance(1)
    await sleeping
    expect(clock.now()).toBe(days)
  })

  it('runNext goes to the next timer and says how long it took', async () => {
    const clock = fakeClock()
    const running = sleep(clock, 10).then(() => sleep(clock, 20))
    expect(await clock.runNext()).toBe(10)
    expect([clock.now(), clock.pending]).toEqual([10, 1])
    expect(await clock.runNext()).toBe(20)
    await running
    expect(await clock.runNext()).toBeUndefined()
    expect(clock.now()).toBe(30)
  })

  it('runAll goes on until no timer is left, but not for ever', async () => {
    const clock = fakeClock()
    const running = sleep(clock, 10).then(() => sleep(clock, 20))
    await clock.runAll()
    await running
    expect(clock.now()).toBe(30)
    const again = () => void clock.setTimeout(again, 1)
    again()
    await expect(clock.runAll(50)).rejects.toThrow('more than 50 timers fired. Does one set itself again?')
  })

  it('untilPending waits for code that does I/O before it sets its timer', async () => {
    const server = await start({ routes: { '*': [503, 200] } })
    const clock = fakeClock()
    const run = async () => {
      await (await fetch(server.url)).text()
      await sleep(clock, 60_000)
      return (await fetch(server.url)).status
    }
    const running = run()
    await clock.untilPending()
    expect(server.count()).toBe(1)
    await clock.advance(60_000)
    expect(await running).toBe(200)
    await expect(clock.untilPending(2, 1)).rejects.toThrow('fakeClock: 0 timers are set after 1 ms, not 2.')
    await clock.untilPending(0)
  })

  it('rejects with what a timer throws, and can go on', async () => {
    const clock = fakeClock()
    clock.setTimeout(() => expect.fail('on purpose'), 1)
    await expect(clock.advance(5)).rejects.toThrow('on purpose')
    expect(clock.now()).toBe(1)
    await clock.advance(5)
    expect(clock.now()).toBe(6)
  })

  it('any set of timers fires whole and in order, however the time is cut', async () => {
    const times = fc.array(fc.nat(100), { maxLength: 20 })
    const steps = fc.array(fc.nat(50), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(times, steps, async (waits, cuts) => {
        const clock = fakeClock()
        const fired: number[] = []
        for (const wait of waits) clock.setTimeout(() => fired.push(clock.now()), wait)
        for (const cut of cuts) await clock.advance(cut)
        await clock.runAll()
        expect(fired).toEqual(waits.toSorted((a, b) => a - b))
      }),
      { numRuns: 50 },
    )
  })

  it('refuses what it cannot use', async () => {
    expect(() => fakeClock({ now: Number.NaN })).toThrow('now must be a number of milliseconds of at least 0, got NaN')
    expect(() => fakeClock({ time: 1 } as never)).toThrow('unknown option "time"')
    const clock = fakeClock()
    expect(() => clock.setTimeout(undefined as never, 1)).toThrow('callback must be a function')
    await expect(clock.advance(-1)).rejects.toThrow('ms must be a number of milliseconds of at least 0, got -1')
    await expect(clock.runAll(0)).rejects.toThrow('limit must be a whole number of at least 1, got 0')
  })
})
