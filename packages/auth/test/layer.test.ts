import { Call, defineMiddleware, HandlerStack, HttpRequest } from '@fetchstack/handler-stack'
import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it, vi } from 'vitest'
import { type AuthOptions, apiKey, auth, basic, bearer, bearerScheme } from '../src/index.ts'
import { API, always, headersOf, pass, rejection } from './helpers.ts'

const origins = [API]

describe('a request to another origin', () => {
  it('is passed on as the same object, the provider is not asked, and the trail says so', async () => {
    const provider = vi.fn(() => 't')
    const { request, sent, call } = await pass(bearer(provider, { origins }), 'https://cdn.example.com/videos')
    expect(sent).toBe(request)
    expect(provider).not.toHaveBeenCalled()
    expect(call.trail).toEqual([{ layer: 'auth', event: 'skip', attempt: 1, detail: 'outside' }])
  })

  it("is rejected with outside: 'error', and the provider is not asked", async () => {
    const provider = vi.fn(() => 't')
    const error = await rejection(
      bearer(provider, { origins, outside: 'error' }),
      'https://cdn.example.com/v?key=s3cret',
    )
    expect(error).toMatchObject({ name: 'AuthError', code: 'FETCHSTACK_AUTH_OUTSIDE' })
    expect(error.message).toBe(
      '[GET] https://cdn.example.com/v?key=…: bearer: https://cdn.example.com is not among its origins.',
    )
    expect(error.request.url).toBe('https://cdn.example.com/v?key=s3cret')
    expect(provider).not.toHaveBeenCalled()
  })

  it('keeps the credential that the caller gave it', async () => {
    const init = { headers: { authorization: 'Bearer mine' } }
    const { sent } = await pass(bearer('t', { origins, existing: 'replace' }), 'https://cdn.example.com/', init)
    expect(headersOf(sent)).toEqual({ authorization: 'Bearer mine' })
  })
})

describe('a credential that is there already', () => {
  const cases: [string, RequestInit['headers']][] = [
    ['a plain object', { Authorization: 'mine' }],
    ['pairs', [['AUTHORIZATION', 'mine']]],
    ['Headers', new Headers({ authorization: 'mine' })],
    ['an empty header', { authorization: '' }],
  ]

  it.each(cases)('is kept by default (%s), and the provider is not asked', async (_, headers) => {
    const provider = vi.fn(() => 't')
    const { request, sent, call } = await pass(bearer(provider, { origins }), undefined, { headers: headers! })
    expect(sent).toBe(request)
    expect(provider).not.toHaveBeenCalled()
    expect(call.trail).toEqual([{ layer: 'auth', event: 'skip', attempt: 1, detail: 'existing' }])
  })

  it.each(cases)("is replaced with existing: 'replace' (%s), once, and the others stay", async (_, headers) => {
    const init = { headers: [...new Headers(headers), ['x-other', 'o']] as [string, string][] }
    const { sent, call } = await pass(bearer('t', { origins, existing: 'replace' }), undefined, init)
    expect(headersOf(sent)).toEqual({ authorization: 'Bearer t', 'x-other': 'o' })
    expect(call.trail).toEqual([])
  })

  it.each(cases)("is an error with existing: 'error' (%s)", async (_, headers) => {
    const error = await rejection(bearer('t', { origins, existing: 'error' }), undefined, { headers: headers! })
    expect(error).toMatchObject({ name: 'AuthError', code: 'FETCHSTACK_AUTH_EXISTING' })
    expect(error.message).toBe(`[GET] ${API}/videos: bearer: the request has a credential already.`)
  })

  it("of the caller's own Request counts too", async () => {
    const request = new Request(`${API}/videos`, { headers: { authorization: 'mine' } })
    expect(headersOf((await pass(bearer('t', { origins }), request)).sent)).toEqual({ authorization: 'mine' })
    const replaced = await pass(bearer('t', { origins, existing: 'replace' }), request)
    expect(headersOf(replaced.sent)).toEqual({ authorization: 'Bearer t' })
  })

  it('of the layer outside counts as one', async () => {
    const mock = always()
    const stack = HandlerStack.create(mock)
      .push(bearer('outer', { origins }), 'outer')
      .push(bearer('inner', { origins }), 'inner')
    await stack.toFetch()(`${API}/`)
    expect(headersOf(mock.last!.request)).toEqual({ authorization: 'Bearer outer' })
  })

  it('in the query counts for a key in the query, in every spelling', async () => {
    for (const url of [`${API}/?key=mine`, `${API}/?a=1&key=`, `${API}/?k%65y=mine`, `${API}/?key`]) {
      const { request, sent } = await pass(apiKey('k', { query: 'key' }, { origins }), url)
      expect(sent).toBe(request)
      const error = await rejection(apiKey('k', { query: 'key' }, { origins, existing: 'error' }), url)
      expect(error.code).toBe('FETCHSTACK_AUTH_EXISTING')
    }
    const { sent } = await pass(apiKey('k', { query: 'key' }, { origins }), `${API}/?keys=1#?key=1`)
    expect(sent.url).toBe(`${API}/?keys=1&key=k#?key=1`)
  })
})

describe('a URL with a user name or a password', () => {
  it.each(['https://me:pw@api.example.com/', 'https://me@api.example.com/', 'https://:pw@API.example.com:443/'])(
    '%s is rejected, and the provider is not asked',
    async (url) => {
      const provider = vi.fn(() => 't')
      const error = await rejection(bearer(provider, { origins }), url)
      expect(error).toMatchObject({ name: 'AuthError', code: 'FETCHSTACK_AUTH_USERINFO' })
      expect(error.message).toMatch(/^\[GET\] https:\/\/api\.example\.com(:443)?\/: bearer: the URL holds a user name/i)
      expect(provider).not.toHaveBeenCalled()
    },
  )

  it('is let be where the credential is not for its origin', async () => {
    const { request, sent } = await pass(bearer('t', { origins }), 'https://me:pw@other.example/')
    expect(sent).toBe(request)
  })

  it('is not one with an @ elsewhere', async () => {
    const urls = [
      `${API}/@me`,
      `${API}?mail=me@example.com`,
      'https://API.example.com/@me',
      'https:\\\\api.example.com\\@me',
    ]
    for (const url of urls) {
      expect(headersOf((await pass(bearer('t', { origins }), url)).sent)).toEqual({ authorization: 'Bearer t' })
    }
  })
})

describe('the per-call option', () => {
  const provider = vi.fn(() => 't')
  const mock = always()
  const stack = HandlerStack.create(mock).push(bearer(provider, { origins, outside: 'error' }))

  it('false sends the call without: nothing is asked and nothing checked', async () => {
    const api = stack.toFetch()
    await api(`${API}/`, { fetchstack: { auth: false } })
    await api('https://other.example/', { fetchstack: { auth: false } })
    expect(mock.calls.map(({ request }) => headersOf(request))).toEqual([{}, {}])
    expect(provider).not.toHaveBeenCalled()
  })

  it('goes by the name that the layer has in its stack', async () => {
    const api = HandlerStack.create(mock)
      .push(bearer('t', { origins }), 'first')
      .push(apiKey('k', {}, { origins }), 'second')
      .toFetch()
    await api(`${API}/`, { fetchstack: { first: false } })
    expect(headersOf(mock.last!.request)).toEqual({ 'x-api-key': 'k' })
  })

  it.each([true, 'tok3n', 0, null, { token: 'tok3n' }])(
    '%j is refused, and not shown when it may be a credential',
    async (value) => {
      const sent = stack.toFetch()(`${API}/`, { fetchstack: { auth: value as unknown as false } })
      await expect(sent).rejects.toMatchObject({
        name: 'OptionError',
        message: expect.stringMatching(/^bearer: the per-call option must be one of false/),
      })
      await expect(sent).rejects.not.toThrow(/tok3n/)
    },
  )
})

describe('what the middleware says of itself', () => {
  it('the scheme and its origins, and no secret', () => {
    const stack = HandlerStack.create()
      .push(bearer('tok3n', { origins: ['https://API.example.com:443', 'https://*.example.org'] }))
      .push(basic('me', 'tok3n', { origins }), 'basic')
      .push(apiKey('tok3n', { query: 'key' }, { origins }), 'key')
    expect(String(stack)).toContain('bearer(https://api.example.com, https://*.example.org)')
    expect(String(stack)).toContain('basic(https://api.example.com)')
    expect(String(stack)).toContain('apiKey(https://api.example.com)')
    expect(String(stack)).not.toContain('tok3n')
  })

  it('that it belongs inside retry', () => {
    const retry = defineMiddleware({ name: 'retry', reenters: 3 }, (next) => next)
    const wrong = HandlerStack.create().push(bearer('t', { origins })).push(retry)
    expect(wrong.check()).toEqual([
      {
        code: 'order',
        layers: ['auth', 'retry'],
        message: 'auth should stand inside retry, or else all attempts share one credential.',
      },
    ])
    expect(HandlerStack.create().push(retry).push(bearer('t', { origins })).check()).toEqual([])
  })

  it('names the handler that it makes, for stack traces', () => {
    expect(bearer('t', { origins })(always()).name).toBe('auth')
  })
})

describe('options that are refused when it is made', () => {
  const all = {
    bearer: (options: AuthOptions) => bearer('tok3n', options),
    basic: (options: AuthOptions) => basic('me', 'tok3n', options),
    apiKey: (options: AuthOptions) => apiKey('tok3n', {}, options),
    auth: (options: AuthOptions) => auth({ ...bearerScheme('tok3n'), name: 'auth' }, options),
  }

  it.each(Object.entries(all))('%s', (name, make) => {
    expect(() => make({ origins, insecure: 'sometimes' as 'never' })).toThrow(
      `${name}: insecure must be one of "never", "loopback", "always", got "sometimes".`,
    )
    expect(() => make({ origins, existing: 'drop' as 'keep' })).toThrow(
      `${name}: existing must be one of "keep", "replace", "error", got "drop".`,
    )
    expect(() => make({ origins, outside: 'fail' as 'error' })).toThrow(
      `${name}: outside must be one of "pass", "error", got "fail".`,
    )
    expect(() => make({ origins, outsid: 'pass' } as AuthOptions)).toThrow(
      `${name}: unknown option "outsid". Did you mean "outside"?`,
    )
    expect(() => make({} as AuthOptions)).toThrow(`${name}: origins must be`)
    expect(() => make('tok3n' as unknown as AuthOptions)).toThrow(`${name}: options must be an object, got a string.`)
  })

  it('redirect and maxRounds are for the schemes that have a use for them', () => {
    expect(() => bearer('t', { origins, redirect: 'error' } as AuthOptions)).toThrow(
      'bearer: unknown option "redirect"',
    )
    expect(() => apiKey('t', {}, { origins, redirect: 'never' as 'error' })).toThrow(
      'apiKey: redirect must be one of "follow", "error", "manual"',
    )
    expect(() => apiKey('t', {}, { origins, maxRounds: 2 } as AuthOptions)).toThrow(
      'apiKey: unknown option "maxRounds"',
    )
    expect(() => auth(bearerScheme('t'), { origins, maxRounds: 2 })).toThrow(
      'bearer: maxRounds is for a scheme with a flow',
    )
  })
})

describe('what passes through', () => {
  it('the same response object', async () => {
    for (const middleware of [
      bearer('t', { origins }),
      bearer(async () => 't', { origins }),
      apiKey('k', {}, { origins }),
    ]) {
      const response = new Response('hello')
      const handler = middleware(mockHandler([response]))
      expect(await handler(HttpRequest.from(`${API}/`), new Call())).toBe(response)
      expect(response.bodyUsed).toBe(false)
    }
  })

  it('the same error', async () => {
    const failure = new TypeError('fetch failed')
    for (const token of ['t', () => 't', async () => 't']) {
      const handler = bearer(token, { origins })(mockHandler([failure]))
      await expect(handler(HttpRequest.from(`${API}/`), new Call())).rejects.toBe(failure)
    }
  })

  it('fields of init that nobody here knows', async () => {
    const dispatcher = {}
    const { sent } = await pass(bearer('t', { origins }), undefined, { dispatcher, cache: 'no-store' } as RequestInit)
    expect(sent.init).toMatchObject({ dispatcher, cache: 'no-store' })
    const keyed = await pass(apiKey('k', {}, { origins }), undefined, { dispatcher } as RequestInit)
    expect(keyed.sent.init).toMatchObject({ dispatcher })
  })

  it("the caller's Request with its body, neither read nor cloned", async () => {
    for (const middleware of [bearer(async () => 't', { origins }), apiKey('k', {}, { origins })]) {
      const request = new Request(`${API}/`, { method: 'POST', body: 'hello' })
      const clone = vi.spyOn(request, 'clone')
      const { sent } = await pass(middleware, request)
      expect(sent.source).toBe(request)
      expect(request.bodyUsed).toBe(false)
      expect(clone).not.toHaveBeenCalled()
      expect(await request.text()).toBe('hello')
    }
  })

  it('what goes wrong at once, as a rejection', async () => {
    const handler = bearer('t', { origins })(() => {
      throw new RangeError('sync')
    })
    await expect(handler(HttpRequest.from(`${API}/`), new Call())).rejects.toThrow('sync')
    const invalid = bearer('t', { origins })(always())(HttpRequest.from('https://'), new Call())
    await expect(invalid).rejects.toMatchObject({ code: 'FETCHSTACK_INVALID_URL' })
  })
})

it('builds no Request, Response, Headers, URL or AbortController on the happy path', async () => {
  const built: string[] = []
  const response = new Response(null)
  const api = HandlerStack.create(async () => response)
  const fetches = [
    bearer('t', { origins }),
    bearer(async () => 't', { origins }),
    basic('me', 'pw', { origins }),
    apiKey('k', {}, { origins }),
  ].map((middleware) => api.push(middleware).toFetch())
  for (const name of ['Request', 'Response', 'Headers', 'URL', 'AbortController'] as const) {
    vi.stubGlobal(
      name,
      new Proxy(globalThis[name], {
        construct(target, parameters: []) {
          built.push(name)
          return new (target as new (...args: []) => object)(...parameters)
        },
      }),
    )
  }
  try {
    for (const fetch of fetches) expect(await fetch(`${API}/videos`, { headers: { accept: '*/*' } })).toBe(response)
  } finally {
    vi.unstubAllGlobals()
  }
  expect(built).toEqual([])
})
