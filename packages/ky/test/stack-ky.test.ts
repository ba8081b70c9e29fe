import { getEventListeners } from 'node:events'
import { bearer } from '@fetchstack/auth'
import { constant } from '@fetchstack/backoff'
import { HandlerStack } from '@fetchstack/handler-stack'
import { explain, retry } from '@fetchstack/retry'
import { type FaultyServer, faults, faultyServer } from '@fetchstack/testing'
import { isTimeoutError, timeout } from '@fetchstack/timeout'
import ky, { HTTPError, NetworkError } from 'ky'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stackKy, stackOptions } from '../src/index.ts'

let server: FaultyServer
beforeAll(async () => {
  server = await faultyServer()
})
beforeEach(() => server.reset())
afterAll(() => server.close())

const quick = retry({ schedule: constant(1), budget: false })
const stack = HandlerStack.create().push(timeout(5_000), 'total-timeout').push(quick)

describe('ky on a stack (mode A)', () => {
  it('gets through what passes, with a body that arrives whole at each attempt', async () => {
    const api = stackKy(stack)
    const url = server.script('503,reset,200;body=%7B%22ok%22%3Atrue%7D')
    const answer = await api.put(url, { json: { title: 'Waves' } }).json()
    expect(answer).toEqual({ ok: true })
    expect(server.requests.map(({ text }) => text)).toEqual(Array.from({ length: 3 }, () => '{"title":"Waves"}'))
    expect(server.requests.map(({ headers }) => headers['content-type'])).toEqual(
      Array.from({ length: 3 }, () => 'application/json'),
    )
  })

  it("gives up with ky's own HTTPError, and the trail is readable from it", async () => {
    const error = await stackKy(stack)
      .get(server.script('503'))
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(HTTPError)
    expect(explain(error)).toMatchObject({ attempts: 3, reason: 'attempts-exhausted' })
  })

  it("gives up with ky's own NetworkError, and the trail is readable from it", async () => {
    const error = await stackKy(stack)
      .get(server.refusedUrl)
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(NetworkError)
    expect(explain(error)).toMatchObject({ reason: 'attempts-exhausted' })
  })

  it("rejects with the stack's TimeoutError when the stack's time is up, also during the body", async () => {
    const short = stackKy(HandlerStack.create().push(timeout(50)))
    await expect(short.get(server.script('stall'))).rejects.toSatisfy(isTimeoutError)
    await expect(short.get(server.script('stall-body')).text()).rejects.toSatisfy(isTimeoutError)
  })

  it('adds no timeout of its own: ky would cut all attempts together after 10 s', () => {
    expect(stackOptions(stack)).toMatchObject({ timeout: false, retry: { limit: 0 } })
    expect(stackOptions(stack, { timeout: 500 })).toMatchObject({ timeout: 500 })
  })

  it("obeys ky's timeout when one is asked for: no attempt follows it", async () => {
    const slow = HandlerStack.create().push(retry({ schedule: constant(60_000), budget: false }))
    const api = stackKy(slow, { timeout: 80 })
    await expect(api.get(server.script('503'))).rejects.toThrow(/timed out/)
    expect(server.count()).toBe(1)
  })

  it('takes options of the layers for one call', async () => {
    const api = stackKy(stack)
    const url = server.script('503')
    await api.get(url, { fetchstack: { retry: false }, throwHttpErrors: false })
    expect(server.count()).toBe(1)
    await expect(api.get(url, { fetchstack: { retry: { maxAttempts: 0 } } })).rejects.toThrow(/maxAttempts/)
    expect(server.count()).toBe(1)
  })

  it('goes on working after extend, with the same stack', async () => {
    const api = stackKy(stack).extend({ headers: { 'x-team': 'films' } })
    await api.get(server.script('503,200'), { fetchstack: { retry: { maxAttempts: 2 } } })
    expect(server.requests.map(({ headers }) => headers['x-team'])).toEqual(['films', 'films'])
  })

  it('fits under an instance of one’s own', async () => {
    const own = ky.create({ headers: { 'x-own': '1' }, retry: 5 }).extend(stackOptions(stack))
    await own.get(server.script('503,200'))
    expect(server.requests.map(({ headers }) => headers['x-own'])).toEqual(['1', '1'])
  })

  it("refuses ky's retry besides the stack's, when it is built and when a call asks for it", async () => {
    expect(() => stackKy(stack, { retry: 2 })).toThrow(/ky would resend up to 2 times.*Keep one/s)
    expect(() => stackKy(stack, { retry: { statusCodes: [500] } })).toThrow(/up to 2 times/)
    await expect((async () => stackKy(stack).get(server.url, { retry: 3 }))()).rejects.toThrow(/up to 3 times/)
    expect(server.count()).toBe(0)
  })

  it("refuses ky's retry also over a stack that ends in one that resends", () => {
    expect(() => stackKy(HandlerStack.create(stack), { retry: 2 })).toThrow(/up to 2 times/)
  })

  it("leaves ky's retry alone when nothing in the stack resends", async () => {
    const api = stackKy(HandlerStack.create().push(timeout(5_000)), { retry: { limit: 2, delay: () => 1 } })
    await api.get(server.script('503,503,200'))
    expect(server.count()).toBe(3)
  })

  it('refuses a fetch besides the stack, and says where it belongs', () => {
    expect(() => stackOptions(stack, { fetch } as object)).toThrow(/withHandler\(fetchHandler\(fetch\)\)/)
  })

  it.each([[undefined], [null], [{}], [fetch]])('refuses %s where a stack belongs', (value) => {
    expect(() => stackKy(value as never)).toThrow(/first argument must be a HandlerStack/)
  })

  it('refuses options that are none', () => {
    expect(() => stackOptions(stack, null as never)).toThrow(/second argument must be an object/)
  })

  it("keeps the user's hooks", async () => {
    const seen: string[] = []
    const api = stackKy(stack, {
      hooks: {
        init: [() => void seen.push('init')],
        afterResponse: [({ response }) => void seen.push(String(response.status))],
      },
    })
    await api.get(server.script('503,200'))
    expect(seen).toEqual(['init', '200'])
  })

  it('aborts a wait at once, with no listener left', async () => {
    server.route('GET /busy', faults.status(503, { 'retry-after': '50' }))
    const caller = new AbortController()
    const call = stackKy(HandlerStack.create().push(retry({ budget: false }))).get(`${server.url}/busy`, {
      signal: caller.signal,
    })
    await server.until(({ requests, activeRequests }) => requests.length === 1 && activeRequests === 0)
    caller.abort(new Error('changed my mind'))
    await expect(call).rejects.toThrow('changed my mind')
    expect(server.count()).toBe(1)
    expect(getEventListeners(caller.signal, 'abort').length).toBeLessThanOrEqual(1)
  })

  it('sends credentials at each attempt', async () => {
    let token = 0
    const api = stackKy(stack.push(bearer(() => `t${++token}`, { origins: [server.url] })))
    await api.get(server.script('503,200'))
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer t1', 'Bearer t2'])
  })
})
