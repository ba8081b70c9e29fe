import { HandlerStack } from '@fetchstack/handler-stack'
import { faults, faultyServer, mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { explain, retry } from '../src/index.ts'
import { rig, URL_1 } from './helpers.ts'

describe('retry', () => {
  it('resends after a passing failure until it gets through', async () => {
    const mock = mockHandler([503, 502, 200])
    const { api, settle } = rig(mock)
    const response = await settle(api(URL_1))
    expect(response.status).toBe(200)
    expect(mock.count).toBe(3)
  })

  it('gives back the very response that came last when attempts run out', async () => {
    const last = new Response('still down', { status: 503 })
    const { api, settle } = rig(mockHandler([503, 503, last]))
    const response = await settle(api(URL_1))
    expect(response).toBe(last)
    expect(await response.text()).toBe('still down')
  })

  it('gives back the very response of a first success, and touches nothing of it', async () => {
    const first = new Response('fine')
    const { api } = rig(mockHandler([first]))
    expect(await api(URL_1)).toBe(first)
    expect(first.bodyUsed).toBe(false)
  })

  it('rejects with the very error that came last', async () => {
    const refused = (): Error =>
      Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }),
      })
    const last = refused()
    const { api, settle } = rig(mockHandler([refused(), refused(), last]), { transparentRetries: 0 })
    await expect(settle(api(URL_1))).rejects.toBe(last)
  })

  it('does not resend what would fail again: one attempt, the same error', async () => {
    const bug = new TypeError('x is not a function')
    const mock = mockHandler([bug])
    const { api } = rig(mock)
    await expect(api(URL_1)).rejects.toBe(bug)
    expect(mock.count).toBe(1)
  })

  it('resends what Bun throws for a refused connection, which is-network-error (and so p-retry) does not know', async () => {
    const bun = (): Error =>
      Object.assign(new TypeError('Unable to connect. Is the computer able to access the url?'), {
        code: 'ConnectionRefused',
      })
    const mock = mockHandler([bun(), bun(), 200])
    const { api, settle } = rig(mock)
    expect((await settle(api(URL_1))).status).toBe(200)
  })

  it.each([
    ['a string', 'some problem'],
    ['null', null],
    ['undefined', undefined],
    ['a number', 7],
  ])('hands on a thrown value that is no error: %s', async (_, value) => {
    const mock = mockHandler([{ error: value }])
    const { api } = rig(mock)
    const caught = await api(URL_1).then(
      () => 'resolved',
      (error: unknown) => ({ error }),
    )
    expect(caught).toEqual({ error: value })
    expect(mock.count).toBe(1)
  })

  it('takes a handler that throws at once for one that rejects', async () => {
    let calls = 0
    const { api, settle } = rig(() => {
      calls++
      if (calls === 1) throw Object.assign(new Error('reset'), { code: 'ECONNRESET', syscall: 'connect' })
      return Promise.resolve(new Response(null))
    })
    expect((await settle(api(URL_1))).status).toBe(200)
  })

  it('does not resend a POST that may have been processed, and says why', async () => {
    const mock = mockHandler([503])
    const { api } = rig(mock)
    const response = await api(URL_1, { method: 'POST', body: '{}' })
    expect(mock.count).toBe(1)
    expect(explain(response)?.reason).toBe('unsafe-method')
  })

  it('resends a POST with an Idempotency-Key, with the same key', async () => {
    const mock = mockHandler([503, 201])
    const { api, settle } = rig(mock)
    await settle(api(URL_1, { method: 'POST', body: '{}', headers: { 'Idempotency-Key': 'k1' } }))
    expect(mock.calls.map(({ request }) => request.header('idempotency-key'))).toEqual(['k1', 'k1'])
  })

  it('counts the attempt in the call, from 1', async () => {
    const attempts: number[] = []
    const mock = mockHandler([503, 503, 200])
    const { api, settle } = rig((request, call) => {
      attempts.push(call.attempt)
      return mock(request, call)
    })
    await settle(api(URL_1))
    expect(attempts).toEqual([1, 2, 3])
  })

  it('resends a refused connection at once and for free, then like every other failure', async () => {
    const refused = (): Error =>
      Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED', syscall: 'connect' } })
    const mock = mockHandler([refused(), refused(), refused(), refused()])
    const { api, clock, settle } = rig(mock, { maxAttempts: 3 })
    const error = await settle(api(URL_1)).catch((caught: unknown) => caught)
    expect(mock.count).toBe(4)
    expect(clock.waits).toEqual([0, 100, 100])
    expect(explain(error)?.records.map(({ decision }) => decision.reason)).toEqual([
      'transparent',
      'network-unprocessed',
      'network-unprocessed',
      'attempts-exhausted',
    ])
  })

  it('runs side by side for many calls without mixing them up', async () => {
    await using server = await faultyServer()
    const api = HandlerStack.create()
      .push(retry({ schedule: () => 1, budget: false }))
      .toFetch()
    const urls = Array.from({ length: 50 }, (_, index) => server.script(`503,500,200;body=${index}`))
    const bodies = await Promise.all(urls.map(async (url) => (await api(url)).text()))
    expect(bodies).toEqual(urls.map((_, index) => String(index)))
    expect(server.count()).toBe(150)
  })

  it('leaves a response that is not ok but final as it is, body unread', async () => {
    await using server = await faultyServer({ routes: { 'GET /no': faults.status(404, {}, 'nowhere') } })
    const api = HandlerStack.create().push(retry()).toFetch()
    const response = await api(`${server.url}/no`)
    expect([response.status, await response.text()]).toEqual([404, 'nowhere'])
    expect(server.count()).toBe(1)
  })

  it('names what is wrong when a middleware inside forgets to return its response', async () => {
    const forgetful = [undefined, 503, undefined].map((status) =>
      status === undefined ? status : new Response(null, { status }),
    )
    const { api, settle } = rig(() => Promise.resolve(forgetful.shift() as Response))
    await expect(settle(api(URL_1))).rejects.toThrow('A handler inside of retry gave no response.')
    await expect(settle(api(URL_1))).rejects.toThrow('A handler inside of retry gave no response.')
    expect(forgetful).toEqual([])
  })

  it('takes a redirect that the caller wants to see for what it is', async () => {
    await using server = await faultyServer({ routes: { '/old': faults.redirect('/new') } })
    const api = HandlerStack.create().push(retry()).toFetch()
    const response = await api(`${server.url}/old`, { redirect: 'manual' })
    expect(response.status).toBe(302)
    expect(explain(response)?.reason).toBe('redirect')
    await response.body?.cancel()
  })
})
