import { getEventListeners } from 'node:events'
import { fetchHandler, HandlerStack, systemClock } from '@fetchstack/handler-stack'
import { faults, faultyServer, mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { explain, retry } from '../src/index.ts'
import { rig, URL_1 } from './helpers.ts'

const after =
  (seconds: string, status = 503) =>
  () =>
    new Response(null, { status, headers: { 'retry-after': seconds } })

describe('waits of retry', () => {
  it('takes Retry-After for a floor, on any status', async () => {
    const { api, clock, settle } = rig(mockHandler([after('7'), after('2.5', 504), 200]))
    await settle(api(URL_1))
    expect(clock.waits).toEqual([7000, 2500])
  })

  it("adds a random spread to the server's wait, so that clients do not return together", async () => {
    const { api, clock, settle } = rig(mockHandler([after('5'), 200]), { spread: 0.1, random: () => 0.5 })
    await settle(api(URL_1))
    expect(clock.waits).toEqual([5250])
  })

  it('gives up at once when the server asks for too long, and says when to come back', async () => {
    const { api, clock } = rig(mockHandler([after('3600')]))
    const response = await api(URL_1)
    expect(response.status).toBe(503)
    expect(clock.waits).toEqual([])
    expect(explain(response)).toMatchObject({ reason: 'server-delay-too-long', retryAt: clock.now() + 3_600_000 })
  })

  it('gives up at once when the wait would outlast the deadline of the call', async () => {
    const { clock, ...rest } = rig(mockHandler([after('30'), 200]))
    const api = HandlerStack.create(mockHandler([after('30'), 200]))
      .push(
        (next) => (request, call) => {
          call.deadline = clock.now() + 10_000
          return next(request, call)
        },
        'deadline',
      )
      .push(retry({ clock, budget: false }))
      .toFetch()
    const response = await rest.settle(api(URL_1))
    expect(explain(response)?.reason).toBe('deadline-before-delay')
  })

  it('gives every attempt the deadline that stood outside, not what an inner layer left behind', async () => {
    const seen: (number | undefined)[] = []
    const mock = mockHandler([503, 503, 200])
    const { api, settle } = rig((request, call) => {
      seen.push(call.deadline)
      call.deadline = 1
      return mock(request, call)
    })
    await settle(api(URL_1))
    expect(seen).toEqual([undefined, undefined, undefined])
  })

  it("ends a wait of 60 s at once when the caller aborts, with the caller's reason", async () => {
    const { api, clock } = rig(mockHandler([after('60'), 200]))
    const caller = new AbortController()
    const call = api(URL_1, { signal: caller.signal })
    await clock.untilPending()
    const reason = new Error('changed my mind')
    caller.abort(reason)
    await expect(call).rejects.toBe(reason)
    expect(clock.pending).toBe(0)
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0)
    expect(explain(reason)).toMatchObject({ reason: 'aborted', attempts: 1 })
  })

  it('ends a wait at once with real time too', async () => {
    await using server = await faultyServer({ routes: { '/busy': [faults.status(503, { 'retry-after': '50' })] } })
    const api = HandlerStack.create()
      .push(retry({ budget: false }))
      .toFetch()
    const caller = new AbortController()
    const call = api(`${server.url}/busy`, { signal: caller.signal })
    await server.until(({ requests, activeRequests }) => requests.length === 1 && activeRequests === 0)
    caller.abort()
    await expect(call).rejects.toBe(caller.signal.reason)
    expect(server.count()).toBe(1)
  })

  it('does not resend when the caller aborts during an attempt', async () => {
    await using server = await faultyServer({ routes: { '/slow': faults.stall() } })
    const api = HandlerStack.create()
      .push(retry({ budget: false }))
      .toFetch()
    const caller = new AbortController()
    const call = api(`${server.url}/slow`, { signal: caller.signal })
    await server.until(({ activeRequests }) => activeRequests === 1)
    caller.abort()
    await expect(call).rejects.toBe(caller.signal.reason)
    expect(server.count()).toBe(1)
  })

  it('leaves no listener on a signal that 300 calls share', async () => {
    const shared = new AbortController()
    let count = 0
    const api = HandlerStack.create(
      fetchHandler(() => Promise.resolve(new Response(null, { status: count++ % 2 === 0 ? 503 : 200 }))),
    )
      .push(retry({ schedule: () => 0, budget: false }))
      .toFetch()
    for (let i = 0; i < 300; i++) await api(URL_1, { signal: shared.signal })
    expect(count).toBe(600)
    expect(getEventListeners(shared.signal, 'abort')).toHaveLength(0)
  })

  it('waits by the real clock when it is given none', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000)
  })
})
