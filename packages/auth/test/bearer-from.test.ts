import { inspect } from 'node:util'
import { type BodyInput, Call, HandlerStack, HttpRequest, type StackFetch } from '@fetchstack/handler-stack'
import { Secret } from '@fetchstack/secret'
import { fakeClock, faults, faultyServer, mockHandler, type ReceivedRequest } from '@fetchstack/testing'
import type { Token, TokenSource, TokenWish } from '@fetchstack/token-source'
import { makeToken, tokenSource } from '@fetchstack/token-source'
import { describe, expect, it, vi } from 'vitest'
import { type AuthError, type BearerFromOptions, bearerFrom } from '../src/index.ts'
import { API, headersOf } from './helpers.ts'

const tokenOf = (value: string, more: Partial<Token> = {}): Token => ({
  value: Secret.of(value),
  type: 'Bearer',
  issuedAt: 0,
  ...more,
})

/** A token source as others write them: t1, t2... `replace` knows which token was refused. */
function counting() {
  let current = tokenOf('t1')
  let count = 1
  const wishes: (TokenWish | undefined)[] = []
  const source: TokenSource = {
    get: async (wish) => {
      if (wish?.scope === undefined) return current
      wishes.push(wish)
      return (current = tokenOf(`t${++count}`))
    },
    replace: async (rejected, wish) => {
      wishes.push(wish)
      if (rejected === current) current = tokenOf(`t${++count}`)
      return current
    },
    peek: () => current,
  }
  return { source, wishes, refreshes: () => count - 1 }
}

type Source = Parameters<typeof bearerFrom>[0]

function run(
  source: Source,
  responses: (Response | number)[],
  options: Partial<BearerFromOptions> = {},
  init?: RequestInit,
) {
  const mock = mockHandler(responses)
  const call = new Call()
  const sent = bearerFrom(source, { origins: API, ...options })(mock)(HttpRequest.from(`${API}/`, init), call)
  const authorizations = () => mock.calls.map(({ request }) => headersOf(request)['authorization'])
  return { sent, call, authorizations, mock }
}

const scopeChallenge = (status: number, params = 'error="insufficient_scope", scope="read write"') =>
  new Response(null, { status, headers: { 'www-authenticate': `Bearer ${params}` } })

describe('the token of a source', () => {
  it('is sent, and nothing else happens where it is taken', async () => {
    const { source, refreshes } = counting()
    const response = new Response('yes')
    const { sent, authorizations, call } = run(source, [response])
    expect(await sent).toBe(response)
    expect(authorizations()).toEqual(['Bearer t1'])
    expect(refreshes()).toBe(0)
    expect(call.trail).toEqual([])
  })

  it.each([
    ['without a challenge', 401],
    ['with one', new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })],
    [
      'with one for something else',
      new Response(null, { status: 401, headers: { 'www-authenticate': 'Basic realm="a"' } }),
    ],
  ])('is replaced after a 401 %s, and the request is sent again', async (_, refusal) => {
    const { source } = counting()
    const { sent, authorizations, call } = run(source, [refusal, 200])
    expect((await sent).status).toBe(200)
    expect(authorizations()).toEqual(['Bearer t1', 'Bearer t2'])
    expect(call.trail.map(({ event }) => event)).toEqual(['rejected', 'refreshed'])
  })

  it('is replaced once: the second 401 stands', async () => {
    const { source, refreshes } = counting()
    const { sent, authorizations } = run(source, [401, 401])
    expect((await sent).status).toBe(401)
    expect(authorizations()).toEqual(['Bearer t1', 'Bearer t2'])
    expect(refreshes()).toBe(1)
  })

  it('that comes back the same is not sent again: the 401 stands', async () => {
    const same = async () => tokenOf('t1')
    const { sent, authorizations, call } = run({ get: same, replace: same, peek: () => undefined }, [401])
    expect((await sent).status).toBe(401)
    expect(authorizations()).toEqual(['Bearer t1'])
    expect(call.trail.map(({ event }) => event)).toEqual(['rejected'])
  })

  it('that is refused late, when there is a newer one, costs no refresh', async () => {
    const { source, refreshes } = counting()
    let refuse: ((response: Response) => void) | undefined
    const late = new Promise<Response>((resolve) => (refuse = resolve))
    const handler = bearerFrom(source, { origins: API })(mockHandler([() => late, 401, 200, 200]))
    const first = handler(HttpRequest.from(`${API}/1`), new Call())
    await new Promise(setImmediate)
    expect((await handler(HttpRequest.from(`${API}/2`), new Call())).status).toBe(200)
    refuse!(new Response(null, { status: 401 }))
    expect((await first).status).toBe(200)
    expect(refreshes()).toBe(1)
  })

  it('is asked for with the signal of the request', async () => {
    const { source, wishes } = counting()
    const get = vi.spyOn(source, 'get')
    const { signal } = new AbortController()
    await run(source, [401, 200], {}, { signal }).sent
    expect(get).toHaveBeenCalledWith({ signal })
    expect(wishes).toEqual([{ signal, scope: undefined }])
  })

  it('is not asked for outside of its origins', async () => {
    const { source } = counting()
    const get = vi.spyOn(source, 'get')
    const handler = bearerFrom(source, { origins: API })(mockHandler([200]))
    await handler(HttpRequest.from('https://evil.example/'), new Call())
    expect(get).not.toHaveBeenCalled()
  })

  it('that is shared is replaced once: 1,000 refused callers, one refresh', async () => {
    let valid = 't1'
    const { source, refreshes } = counting()
    const api = HandlerStack.create(async (request) => {
      await new Promise(setImmediate)
      return new Response(null, { status: headersOf(request)['authorization'] === `Bearer ${valid}` ? 200 : 401 })
    })
      .push(bearerFrom(source, { origins: API }))
      .toFetch()
    expect((await api(API)).status).toBe(200)
    valid = 't2'
    const responses = await Promise.all(Array.from({ length: 1000 }, () => api(API)))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    expect(refreshes()).toBe(1)
  })
})

describe('a scope that the server misses', () => {
  it.each([403, 401])('is asked for, once, with a %i', async (status) => {
    const { source, wishes } = counting()
    const { sent, authorizations, call } = run(source, [scopeChallenge(status), scopeChallenge(status)])
    expect((await sent).status).toBe(status)
    expect(authorizations()).toEqual(['Bearer t1', 'Bearer t2'])
    expect(wishes.map((wish) => wish?.scope)).toEqual(['read write'])
    expect(call.trail.map(({ event }) => event)).toEqual(['scope', 'refreshed'])
  })

  it('does not make the token a refused one: it stays good for everybody else', async () => {
    let asked = 0
    const source = tokenSource(async ({ scope }) => {
      asked++
      if (scope !== undefined) throw new Error('invalid_scope')
      return makeToken({ value: 'narrow' })
    })
    await expect(run(source, [scopeChallenge(403)]).sent).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_PROVIDER' })
    expect((await run(source, [200]).sent).status).toBe(200)
    expect(asked).toBe(2)
  })

  it('may come after a token that was refused', async () => {
    const { sent, authorizations } = run(counting().source, [401, scopeChallenge(403), 200])
    expect((await sent).status).toBe(200)
    expect(authorizations()).toEqual(['Bearer t1', 'Bearer t2', 'Bearer t3'])
  })

  it.each([
    ['no scope', 'error="insufficient_scope"'],
    ['an empty one', 'error="insufficient_scope", scope=""'],
    ['one that could not stand in a request', 'error="insufficient_scope", scope="a\\"b"'],
    ['another error', 'error="invalid_request", scope="read"'],
  ])('is not asked for with %s: the 403 stands', async (_, params) => {
    const { source, refreshes } = counting()
    const { sent } = run(source, [scopeChallenge(403, params)])
    expect((await sent).status).toBe(403)
    expect(refreshes()).toBe(0)
  })

  it('is not looked for where no bearer token is wanted, or in what is no refusal', async () => {
    const { source, refreshes } = counting()
    const headers = { 'www-authenticate': 'DPoP error="insufficient_scope", scope="read"' }
    expect((await run(source, [new Response(null, { status: 403, headers })]).sent).status).toBe(403)
    expect((await run(source, [scopeChallenge(400)]).sent).status).toBe(400)
    expect(refreshes()).toBe(0)
  })
})

describe('a function as the source', () => {
  it('is asked again after a 401, with the reason and the token that was refused', async () => {
    const { signal } = new AbortController()
    const provider = vi.fn(async ({ reason }: { reason: string }) => (reason === 'initial' ? 'old' : Secret.of('new')))
    const { sent, authorizations } = run(provider, [401, 200], {}, { signal })
    expect((await sent).status).toBe(200)
    expect(authorizations()).toEqual(['Bearer old', 'Bearer new'])
    expect(provider.mock.calls).toEqual([
      [{ reason: 'initial', signal }],
      [{ reason: 'rejected', previous: expect.any(Secret), signal }],
    ])
    expect((provider.mock.calls[1] as unknown as [{ previous: Secret }])[0].previous.reveal()).toBe('old')
  })

  it('that gives the same again lets the 401 stand', async () => {
    const { sent, authorizations } = run(() => 'same', [401])
    expect((await sent).status).toBe(401)
    expect(authorizations()).toEqual(['Bearer same'])
  })

  it('is not asked for a scope, which it could not give', async () => {
    const provider = vi.fn(() => 't')
    expect((await run(provider, [scopeChallenge(403)]).sent).status).toBe(403)
    expect(provider).toHaveBeenCalledOnce()
  })
})

describe('a body', () => {
  it('is sent again whole', async () => {
    await using server = await faultyServer({
      routes: {
        'POST /': ({ headers }: ReceivedRequest) =>
          headers['authorization'] === 'Bearer t2' ? faults.ok('yes') : faults.status(401, {}, 'no'),
      },
    })
    const request = (): Request => new Request(server.url, { method: 'POST', body: 'hello' })
    const fetchWith = (options: Partial<BearerFromOptions> = {}): StackFetch<object> =>
      HandlerStack.create()
        .push(bearerFrom(counting().source, { origins: server.url, ...options }))
        .toFetch()
    const send = (body: BodyInput, options?: Partial<BearerFromOptions>): Promise<Response> =>
      fetchWith(options)(server.url, { method: 'POST', body, duplex: 'half' })
    const statuses = [
      (await send('hello')).status,
      (await fetchWith()(request())).status,
      (await fetchWith({ replay: 'buffer' })(request())).status,
      (await send(new Blob(['hello']).stream(), { replay: 'buffer' })).status,
    ]
    expect(statuses).toEqual([200, 200, 200, 200])
    expect(server.requests.map(({ text }) => text)).toEqual(Array.from({ length: 8 }, () => 'hello'))
  })

  it.each([
    ['a stream', 'auto', (): BodyInput => new Blob(['hello']).stream(), 'unreplayable-body'],
    ['a stream', 'never', (): BodyInput => new Blob(['hello']).stream(), 'unreplayable-body'],
    ['a string', 'never', (): BodyInput => 'hello', 'replay-never'],
  ] as const)('that is %s is sent once with replay: %j, and the trail says why', async (_, replay, body, detail) => {
    const { sent, call, authorizations } = run(counting().source, [401], { replay }, { method: 'POST', body: body() })
    expect((await sent).status).toBe(401)
    expect(authorizations()).toHaveLength(1)
    expect(call.trail.at(-1)).toEqual({ layer: 'auth', event: 'not-resent', attempt: 1, detail })
  })

  it("that is none is sent again with replay: 'never' too", async () => {
    expect((await run(counting().source, [401, 200], { replay: 'never' }).sent).status).toBe(200)
  })

  it("that is longer than bodyLimit is an error with replay: 'buffer', before anything is sent", async () => {
    const { sent, mock } = run(
      counting().source,
      [200],
      { replay: 'buffer', bodyLimit: 4 },
      {
        method: 'POST',
        body: new Blob(['hello']).stream(),
      },
    )
    await expect(sent).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_BODY' })
    expect(mock.count).toBe(0)
  })
})

describe('settle: a token that not every server knows yet', () => {
  it('is sent again after 250 ms, 500 ms... until it is known, and the source is left alone', async () => {
    const clock = fakeClock()
    const { source, refreshes } = counting()
    vi.spyOn(source, 'get').mockResolvedValue(tokenOf('t1', { issuedAt: clock.now() }))
    const times: number[] = []
    const mock = mockHandler(
      [401, 401, 401, 200].map((status) => () => {
        times.push(clock.now())
        return new Response(null, { status })
      }),
    )
    const start = clock.now()
    const handler = bearerFrom(source, { origins: API, settle: 5000, clock })(mock)
    const sent = handler(HttpRequest.from(`${API}/`), new Call())
    await clock.advance(10_000)
    expect((await sent).status).toBe(200)
    expect(times.map((time) => time - start)).toEqual([0, 250, 750, 1750])
    expect(refreshes()).toBe(0)
  })

  it('is replaced once it is old enough to be known everywhere', async () => {
    const clock = fakeClock()
    const { source, refreshes } = counting()
    const { sent, authorizations } = run(source, [401, 200], { settle: 100, clock })
    await clock.advance(1000)
    expect((await sent).status).toBe(200)
    expect(authorizations()).toEqual(['Bearer t1', 'Bearer t2'])
    expect(refreshes()).toBe(1)
  })

  it('ends at once when the request is aborted', async () => {
    const clock = fakeClock()
    const source = { ...counting().source, get: async () => tokenOf('t1', { issuedAt: clock.now() }) }
    const controller = new AbortController()
    const { sent } = run(source, [401], { settle: 5000, clock }, { signal: controller.signal })
    await new Promise(setImmediate)
    controller.abort(new Error('enough'))
    await expect(sent).rejects.toThrow('enough')
  })
})

describe('what a source does wrong', () => {
  const failing = async (source: Source, responses: (Response | number)[] = [200]): Promise<AuthError> =>
    run(source, responses).sent.then(
      () => {
        throw new Error('It was not rejected.')
      },
      (error: unknown) => error as AuthError,
    )
  const giving = (token: unknown): TokenSource => {
    const give = async () => token as Token
    return { get: give, replace: give, peek: () => undefined }
  }

  it.each([
    ['get', [200]],
    ['replace', [401]],
  ] as const)(
    'what %s fails with is the cause of an AuthError, for programs; nothing prints it',
    async (method, responses) => {
      const cause = Object.assign(new Error('client_secret=hush'), { code: 'FETCHSTACK_TOKEN_TERMINAL', body: 'hush' })
      const { source } = counting()
      const broken = { ...source, [method]: () => Promise.reject(cause) }
      const error = await failing(broken, [...responses])
      expect(error).toMatchObject({
        code: 'FETCHSTACK_AUTH_PROVIDER',
        message: `[GET] ${API}/: bearer: the source of the token failed (FETCHSTACK_TOKEN_TERMINAL).`,
      })
      expect(error.cause).toBe(cause)
      const printed = [
        inspect(error, { showHidden: true, depth: 9, customInspect: false }),
        inspect(error),
        error.stack,
      ]
      expect([...printed, JSON.stringify(error)].join()).not.toContain('hush')
    },
  )

  // Measured on Bun 1.4: it prints a `cause` of an error's own, a getter too; its `util.inspect` any, but for what prints itself.
  it('nor in Bun, whose console looks behind getters', async () => {
    const cause = new Error('hush')
    vi.stubGlobal('Bun', {})
    const error = await failing({ ...counting().source, get: () => Promise.reject(cause) }, [])
    vi.unstubAllGlobals()
    expect(error.cause).toBe(cause)
    expect(Object.hasOwn(error, 'cause')).toBe(false)
    expect(inspect(error)).toBe(error.stack)
  })

  it('what it throws at once, too', async () => {
    const get = () => {
      throw new Error('hush')
    }
    expect((await failing({ ...counting().source, get })).code).toBe('FETCHSTACK_AUTH_PROVIDER')
  })

  it('an abort is the reason of the rejection', async () => {
    const controller = new AbortController()
    const get = async () => {
      controller.abort(new Error('enough'))
      throw new Error('gave up')
    }
    const { sent } = run({ ...counting().source, get }, [200], {}, { signal: controller.signal })
    await expect(sent).rejects.toThrow('enough')
  })

  it.each([
    ['DPoP', ' DPoP'],
    ['dpop', ' dpop'],
    ['mac\r\n', ''],
  ])('a token of the type %j is not sent as Bearer', async (type, shown) => {
    const error = await failing(giving(tokenOf('tok3n', { type })))
    expect(error.code).toBe('FETCHSTACK_AUTH_TOKEN_TYPE')
    expect(error.message).toBe(`[GET] ${API}/: bearer: a token of the type${shown} can't be sent as Bearer.`)
  })

  it('one of the type bearer is, in any case, and so is one that does not say', async () => {
    for (const type of ['Bearer', 'bearer', undefined]) {
      expect((await run(giving({ ...tokenOf('t'), type }), [200]).sent).status).toBe(200)
    }
  })

  it.each([undefined, null, {}, { value: 5 }, tokenOf(''), tokenOf('t\n'), tokenOf('a b'), tokenOf('t€')])(
    'no token is an error that does not show it: %#',
    async (token) => {
      const error = await failing(giving(token))
      expect(error.code).toBe('FETCHSTACK_AUTH_SECRET')
      expect(error.message).toMatch(/: bearer: token must be a string of visible ASCII characters; this \w+ is not\.$/)
    },
  )

  it.each([undefined, null, 'tok3n', Secret.of('tok3n'), { get() {} }])(
    'what is no source is refused when it is made: %#',
    (source) => {
      expect(() => bearerFrom(source as unknown as TokenSource, { origins: API })).toThrow(
        'bearer: source must be a token source, with get and replace, or a function. For a token that is known, use bearer.',
      )
    },
  )

  it('and so are options that have no meaning', () => {
    const { source } = counting()
    expect(() => bearerFrom(source, { origins: API, settle: -1 })).toThrow(
      'bearer: settle must be a number of milliseconds',
    )
    expect(() => bearerFrom(source, { origins: API, settel: 1 } as BearerFromOptions)).toThrow(
      'unknown option "settel"',
    )
    expect(() => bearerFrom(source, undefined as unknown as BearerFromOptions)).toThrow('bearer: origins must be')
    expect(() => bearerFrom(source, 'tok3n' as unknown as BearerFromOptions)).toThrow(
      'options must be an object, got a string',
    )
    expect(() => bearerFrom(source, { origins: API, replay: 'sometimes' as 'auto' })).toThrow('replay must be one of')
    expect(() => bearerFrom(source, { origins: API, unanswered: 'throw' as 'error' })).toThrow(
      'unanswered must be one of',
    )
  })
})
