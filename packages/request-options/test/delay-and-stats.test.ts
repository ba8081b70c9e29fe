import { type Call, HandlerStack, type HttpRequest } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import { fakeClock, faultyServer, mockHandler } from '@fetchstack/testing'
import { describe, expect, test } from 'vitest'
import { delay, onStats, type TransferStats } from '../src/index.ts'

const url = 'https://api.example.com/videos'

describe('delay', () => {
  test('waits before the request is sent', async () => {
    const clock = fakeClock()
    const mock = mockHandler([200])
    const pending = HandlerStack.create(mock).push(delay(500, { clock })).toFetch()(url)
    await clock.advance(499)
    expect(mock.count).toBe(0)
    await clock.advance(1)
    expect((await pending).status).toBe(200)
  })

  test('0 waits for nothing, and the per-call option is another number', async () => {
    const clock = fakeClock()
    const api = HandlerStack.create(mockHandler([200, 201]))
      .push(delay(0, { clock }))
      .toFetch()
    expect((await api(url)).status).toBe(200)
    const pending = api(url, { fetchstack: { delay: 20 } })
    await clock.untilPending()
    await clock.advance(20)
    expect((await pending).status).toBe(201)
    expect(clock.waits).toEqual([20])
  })

  test('an abort ends the wait at once, nothing is sent, no timer stays', async () => {
    const clock = fakeClock()
    const mock = mockHandler([200])
    const controller = new AbortController()
    const pending = HandlerStack.create(mock).push(delay(500, { clock })).toFetch()(url, { signal: controller.signal })
    await clock.untilPending()
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(pending).rejects.toBe(reason)
    expect([mock.count, clock.pending]).toEqual([0, 0])
  })

  test.each([-1, Number.NaN, '5', undefined, null])('refuses %o', async (milliseconds) => {
    expect(() => delay(milliseconds as number)).toThrow(OptionError)
    if (milliseconds === undefined) return
    const api = HandlerStack.create(mockHandler([200]))
      .push(delay(0))
      .toFetch()
    await expect(api(url, { fetchstack: { delay: milliseconds as number } })).rejects.toThrow(OptionError)
  })
})

describe('onStats', () => {
  test('tells of an answer, with the time until its headers', async () => {
    const clock = fakeClock({ now: 1000 })
    const told: [TransferStats, HttpRequest, Call][] = []
    const mock = mockHandler([
      async () => {
        clock.setTimeout(() => {}, 30)
        await clock.advance(30)
        return 503
      },
    ])
    const stack = HandlerStack.create(mock).push(onStats((...args) => void told.push(args), { clock }))
    const response = await stack.toFetch()(`${url}?key=s3cret`, { method: 'POST' })
    expect(response.status).toBe(503)
    expect(told).toHaveLength(1)
    expect(told[0]![0]).toEqual({
      method: 'POST',
      url: `${url}?key=…`,
      attempt: 1,
      transferTime: 30,
      status: 503,
      error: undefined,
    })
    expect(told[0]![1]).toBe(mock.last!.request)
    expect(told[0]![2]).toBe(mock.last!.call)
  })

  test('tells of a failure, which goes on', async () => {
    const told: TransferStats[] = []
    const error = new TypeError('fetch failed')
    const api = HandlerStack.create(mockHandler([error]))
      .push(onStats((stats) => void told.push(stats)))
      .toFetch()
    await expect(api(url)).rejects.toBe(error)
    expect(told).toEqual([expect.objectContaining({ status: undefined, error })])
  })

  test('the URL is where the answer came from', async () => {
    await using server = await faultyServer({ routes: { '/a': '302;location=/b', '/b': '200' } })
    const told: string[] = []
    const api = HandlerStack.create()
      .push(onStats(({ url }) => void told.push(url)))
      .toFetch()
    await (await api(`${server.url}/a`)).text()
    expect(told).toEqual([`${server.url}/b`])
  })

  test('leaves the response alone, and refuses what is no function', async () => {
    const given = new Response('hello')
    const api = HandlerStack.create(mockHandler([given]))
      .push(onStats(() => {}))
      .toFetch()
    expect(await api(url)).toBe(given)
    expect(given.bodyUsed).toBe(false)
    expect(() => onStats('log' as never)).toThrow(OptionError)
    expect(() => onStats(() => {}, { clok: 1 } as never)).toThrow(/clock/)
  })
})
