import { inspect } from 'node:util'
import { auth } from '@fetchstack/auth'
import { Call, HandlerStack, HttpRequest } from '@fetchstack/handler-stack'
import { type Fault, fakeClock, faults, faultyServer } from '@fetchstack/testing'
import { makeToken, type Token } from '@fetchstack/token-source'
import { describe, expect, it } from 'vitest'
import { dpop } from '../src/index.ts'
import { apiFor, boundTokens, decode, key, layerFor, proofsOf } from './helpers.ts'

const challenge = (params: string, headers: Record<string, string> = {}, status = 401): Fault =>
  faults.status(status, { ...headers, 'www-authenticate': `DPoP ${params}algs="ES256"` })
const nonceWanted = (nonce?: string) =>
  challenge('error="use_dpop_nonce", ', nonce === undefined ? {} : { 'dpop-nonce': nonce })
const serving = (...steps: Fault[]) => faultyServer({ routes: { '/*': steps } })

describe('a request', () => {
  it('has the token and a proof of its own, for its method and URL', async () => {
    await using server = await serving(faults.ok())
    const api = apiFor(server)
    await api(`${server.url}/videos?page=2`)
    await api(`${server.url}/videos`, { method: 'POST', body: 'hello' })
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(['DPoP t1', 'DPoP t1'])
    const [get, post] = proofsOf(server)
    expect(get).toMatchObject({ htm: 'GET', htu: `${server.url}/videos` })
    expect(post).toMatchObject({ htm: 'POST', htu: `${server.url}/videos` })
    expect(get!.jti).not.toBe(post!.jti)
    expect(get!['ath']).toBe(post!['ath'])
  })

  it('that is sent again by a layer outside has another proof', async () => {
    await using server = await serving(faults.status(503), faults.ok())
    const api = HandlerStack.create()
      .push(
        (next) => async (request, call) => {
          await next(request, call)
          return next(request, call)
        },
        'twice',
      )
      .push(layerFor(server.url))
      .toFetch()
    expect((await api(server.url)).status).toBe(200)
    const [one, two] = proofsOf(server)
    expect(one!.jti).not.toBe(two!.jti)
  })

  it('to another origin has neither', async () => {
    await using server = await serving(faults.ok())
    await HandlerStack.create().push(layerFor('https://api.example.com')).toFetch()(server.url)
    expect(server.requests[0]!.headers).not.toHaveProperty('dpop')
    expect(server.requests[0]!.headers).not.toHaveProperty('authorization')
  })

  it('that is redirected fails, since fetch would take the proof along', async () => {
    await using elsewhere = await serving(faults.ok())
    await using server = await serving(faults.redirect(elsewhere.url))
    await expect(apiFor(server)(server.url)).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_REDIRECT' })
    expect(elsewhere.count()).toBe(0)
  })
})

describe('a nonce', () => {
  it('that is wanted: the request is sent again with it, once, and the next has it at once', async () => {
    await using server = await serving(nonceWanted('n1'), faults.ok())
    const api = apiFor(server)
    expect((await api(server.url, { method: 'PUT', body: 'hello' })).status).toBe(200)
    await api(server.url)
    expect(proofsOf(server).map(({ nonce }) => nonce)).toEqual([undefined, 'n1', 'n1'])
    expect(server.requests.map(({ text }) => text)).toEqual(['hello', 'hello', ''])
  })

  it.each([200, 304, 404, 503])('is learnt from a %i too', async (status) => {
    await using server = await serving(faults.status(status, { 'dpop-nonce': 'n1' }))
    const api = apiFor(server)
    await api(server.url)
    await api(server.url)
    expect(proofsOf(server).map(({ nonce }) => nonce)).toEqual([undefined, 'n1'])
  })

  it('that is the same again, or none at all: the 401 stands', async () => {
    await using server = await serving(nonceWanted())
    const api = apiFor(server)
    expect((await api(server.url)).status).toBe(401)
    expect(server.count()).toBe(1)
    server.route('/*', nonceWanted('n1'))
    expect((await api(server.url)).status).toBe(401)
    expect(server.count()).toBe(3)
    expect((await api(server.url)).status).toBe(401)
    expect(server.count()).toBe(4)
  })

  it('that is another one each time is answered once', async () => {
    await using server = await faultyServer({ routes: { '/*': ({ number }) => nonceWanted(`n${number}`) } })
    expect((await apiFor(server)(server.url)).status).toBe(401)
    expect(server.count()).toBe(2)
  })

  it.each(['n 1', 'n"1', 'n\\1', 'é', 'x'.repeat(2049)])(
    'that is none (RFC 9449 §8.1) is passed over: %j',
    async (nonce) => {
      await using server = await serving(nonceWanted(nonce))
      expect((await apiFor(server)(server.url)).status).toBe(401)
      expect(server.count()).toBe(1)
    },
  )

  it('belongs to its server, and only so many are remembered', async () => {
    const answer = (number: number) => new Response(null, { headers: { 'dpop-nonce': `n${number}` } })
    const sent: string[] = []
    const api = HandlerStack.create(async (request) => {
      const { claims } = decode(request.header('dpop')!)
      sent.push(`${request.origin.at(-1)}:${String(claims['nonce'])}`)
      return answer(Number(request.origin.at(-1)))
    })
      .push(
        auth(dpop(key, boundTokens(), { maxOrigins: 2 }), {
          origins: [1, 2, 3].map((host) => `https://api.host${host}`),
        }),
      )
      .toFetch()
    // 1 is used again after 2, so 2 is forgotten for 3.
    for (const host of [1, 2, 1, 3, 1, 2]) await api(`https://api.host${host}/`)
    expect(sent).toEqual(['1:undefined', '2:undefined', '1:n1', '3:undefined', '1:n1', '2:undefined'])
  })
})

describe('a refused token', () => {
  it.each(['error="invalid_token", ', ''])('is replaced once: DPoP %s', async (params) => {
    await using server = await serving(challenge(params), faults.ok())
    expect((await apiFor(server)(server.url)).status).toBe(200)
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(['DPoP t1', 'DPoP t2'])
    const [one, two] = proofsOf(server)
    expect(one!['ath']).not.toBe(two!['ath'])
  })

  it('and refused again: the 401 stands', async () => {
    await using server = await serving(challenge('error="invalid_token", '))
    expect((await apiFor(server)(server.url)).status).toBe(401)
    expect(server.count()).toBe(2)
  })

  it('that comes back the same: the 401 stands', async () => {
    await using server = await serving(challenge('error="invalid_token", '))
    const source = boundTokens(async () => makeToken({ value: 't', type: 'DPoP' }))
    expect((await apiFor(server, source)(server.url)).status).toBe(401)
    expect(server.count()).toBe(1)
  })

  it('a nonce and a new token in one call', async () => {
    await using server = await serving(nonceWanted('n1'), challenge('error="invalid_token", '), faults.ok())
    expect((await apiFor(server)(server.url)).status).toBe(200)
    expect(server.count()).toBe(3)
  })

  it('1,000 of them at once: one refresh', async () => {
    let refreshes = 0
    const source = boundTokens(async () => makeToken({ value: `t${++refreshes}`, type: 'DPoP' }))
    await source.get()
    const api = HandlerStack.create(async (request) =>
      request.header('authorization') === 'DPoP t2'
        ? new Response()
        : new Response(null, { status: 401, headers: { 'www-authenticate': 'DPoP error="invalid_token"' } }),
    )
      .push(layerFor('https://api.example.com', source))
      .toFetch()
    const all = await Promise.all(Array.from({ length: 1_000 }, () => api('https://api.example.com/')))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
    expect(refreshes).toBe(2)
  })

  it('for a scope that can not be had: the token that is there stays good for all else', async () => {
    const source = boundTokens(async ({ scope }) => {
      if (scope !== undefined) throw new Error('not granted')
      return makeToken({ value: 't1', type: 'DPoP', scope: 'a' })
    })
    await using server = await serving(challenge('error="insufficient_scope", scope="b", ', {}, 403))
    await expect(apiFor(server, source)(server.url)).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_PROVIDER' })
    expect((await source.get()).value.reveal()).toBe('t1')
  })

  it('for a scope: one with that scope is asked for, once', async () => {
    const missing = challenge('error="insufficient_scope", scope="a b", ', {}, 403)
    await using server = await serving(missing, faults.ok())
    const scopes: unknown[] = []
    const source = boundTokens(async ({ scope }) => {
      scopes.push(scope)
      return makeToken({ value: `t${scopes.length}`, type: 'DPoP', scope: scope ?? 'a' })
    })
    expect((await apiFor(server, source)(server.url)).status).toBe(200)
    expect(scopes).toEqual([undefined, 'a b'])
  })

  it.each([
    ['a 401 without a challenge', faults.status(401)],
    ['a challenge for Bearer alone', faults.status(401, { 'www-authenticate': 'Bearer error="invalid_token"' })],
    ['an error that is not known', challenge('error="invalid_request", ')],
    ['a 403', challenge('', {}, 403)],
    ['a scope that is none', challenge('error="insufficient_scope", scope="a\\"b", ', {}, 403)],
  ])('%s is not answered', async (_what, answer) => {
    await using server = await serving(answer)
    const source = boundTokens()
    await apiFor(server, source)(server.url)
    expect(server.count()).toBe(1)
    expect(source.peek()!.value.reveal()).toBe('t1')
  })
})

describe('the clock', () => {
  const refused = (clock: { now(): number }, away: number) =>
    challenge('error="invalid_dpop_proof", ', { date: new Date(clock.now() + away).toUTCString() })

  it('of the server dates the proof anew when it is more than 30 s away', async () => {
    const clock = fakeClock({ now: 1_800_000_000_000 })
    await using server = await serving(refused(clock, -120_000), faults.ok())
    const api = apiFor(server, boundTokens(), { clock })
    expect((await api(server.url)).status).toBe(200)
    await api(server.url)
    expect(proofsOf(server).map(({ iat }) => iat)).toEqual([1_800_000_000, 1_799_999_880, 1_799_999_880])
  })

  it('agrees: the 401 stands', async () => {
    const clock = fakeClock({ now: 1_800_000_000_000 })
    await using server = await serving(refused(clock, 20_000))
    expect((await apiFor(server, boundTokens(), { clock })(server.url)).status).toBe(401)
    expect(server.count()).toBe(1)
  })
})

describe('what can not be sent', () => {
  const failing = async (get: () => Promise<Token>) => {
    const api = HandlerStack.create(async () => new Response())
      .push(layerFor('https://api.example.com', boundTokens(get)))
      .toFetch()
    return api('https://api.example.com/').catch((error: unknown) => error)
  }

  it.each([
    [
      'a bearer token',
      async () => makeToken({ value: 'hush' }),
      'TOKEN_TYPE',
      /of the type Bearer is not bound to the key/,
    ],
    ['a token with a space', async () => makeToken({ value: 'hush ', type: 'DPoP' }), 'SECRET', /visible ASCII/],
    [
      'a source that fails',
      async () => Promise.reject(new Error('hush')),
      'PROVIDER',
      /failed \(FETCHSTACK_TOKEN_REFRESH\)/,
    ],
  ])('%s', async (_what, get, code, message) => {
    const error = await failing(get)
    expect(error).toMatchObject({ code: `FETCHSTACK_AUTH_${code}`, message: expect.stringMatching(message) })
    expect(inspect(error)).not.toContain('hush')
  })

  it('a source that is none, or an option that is not known, is refused when it is made', () => {
    expect(() => dpop(key, {} as never)).toThrow(/dpop: source must be a token source/)
    expect(() => dpop(key, boundTokens(), { nonces: 1 } as never)).toThrow(/unknown option "nonces"/)
    expect(() => dpop(key, boundTokens(), { maxOrigins: 0 })).toThrow(/maxOrigins must be a whole number of at least 1/)
  })

  it('the trail says what happened, and shows no secret', async () => {
    const call = new Call()
    const answers = [401, 200].map((status) => {
      const headers = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n1' }
      return new Response(null, { status, headers })
    })
    const source = boundTokens(async () => makeToken({ value: 'access-hush', type: 'DPoP' }))
    const layer = layerFor('https://api.example.com', source)
    await layer(async () => answers.shift()!)(HttpRequest.from('https://api.example.com/'), call)
    expect(call.trail.map(({ event }) => event)).toEqual(['nonce'])
    expect(inspect(call, { depth: 9 })).not.toMatch(/hush|eyJ/)
  })
})
